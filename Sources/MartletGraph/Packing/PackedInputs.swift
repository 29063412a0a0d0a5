/// Names of the inputs of a graph that takes token sequences laid end to end ("packed").
///
/// `positions` int32 [tokens] counts from 0 in each sequence; `offsets` int32 [rows + 1] gives each sequence's first
/// token, and the total at the end; `lengths` int32 [rows] gives the tokens that are not padding. Token ids and type
/// ids keep the model's own names.
package enum PackedInputs {
    package static let ids = "input_ids"
    package static let types = "token_type_ids"
    package static let positions = "positions"
    package static let offsets = "offsets"
    package static let lengths = "lengths"
}
