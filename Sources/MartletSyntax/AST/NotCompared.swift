/// A stored value that takes no part in equality, so that two trees are equal when they say the same, wherever they stand.
@propertyWrapper
package struct NotCompared<Value: Sendable>: Equatable, Sendable {
    package var wrappedValue: Value

    package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    package static func == (left: Self, right: Self) -> Bool { true }
}
