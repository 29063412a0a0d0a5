import MartletGraph
import MartletModels
import MartletSupport

/// What `martlet model describe` shows.
package struct ModelInspection: Sendable {
    private let description: ModelDescription

    /// The words that `precision` may be.
    package static let precisions = Precision.allCases.map(\.rawValue)

    /// Reads the model at `path`, a file or a folder. With a precision it also says what each product is made of, for which all
    /// weights are packed.
    package init(_ path: String, precision: String? = nil) throws(MartletError) {
        do {
            let model = try ModelFormats.load(path)
            var description = describe(model)
            if let precision {
                guard let known = Precision(rawValue: precision) else {
                    throw ModelError.wrongOption(
                        name: "precision", wanted: Self.precisions.map { "'\($0)'" }.joined(separator: ", "))
                }
                description.layers = try productLayers(model, known)
            }
            self.description = description
        } catch {
            throw MartletError(error)
        }
    }

    /// For people, ended by a line end.
    package var text: String { description.text }

    /// One JSON object and a line end.
    package var json: String {
        func port(_ port: ModelDescription.Port) -> JSON {
            Self.object([
                ("name", .string(port.name)), ("type", .string(port.type)), ("meaning", .string(port.meaning)),
            ])
        }
        func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
        func optional(_ number: Int?) -> JSON { number.map { .int(Int64($0)) } ?? .null }
        let members: [(String, JSON)] = [
            ("name", .string(description.name)), ("path", .string(description.path)),
            ("format", .string(description.format)), ("architecture", .string(description.architecture)),
            ("inputs", .array(description.inputs.map(port))), ("outputs", .array(description.outputs.map(port))),
            ("parameters", optional(description.parameters)), ("weight_bytes", optional(description.weightBytes)),
            ("flop_per_row", optional(description.flopsPerRow)),
            ("flop_per_token", optional(description.flopsPerToken)),
            ("tokens_per_row", optional(description.tokensPerRow)),
            ("flop_is_lower_bound", .bool(description.isLowerBound)),
            ("labels", description.labels.map { .array($0.map { .string($0) }) } ?? .null),
            ("max_tokens", optional(description.maxTokens)), ("tokenizer", optional(description.tokenizer)),
            ("pooling", optional(description.pooling)), ("normalized", .bool(description.isNormalized)),
            (
                "operators",
                .array(
                    description.operators.map {
                        Self.object([("name", .string($0.name)), ("count", .int(Int64($0.count)))])
                    })
            ),
            (
                "unsupported",
                .array(
                    description.unavailable.map { output in
                        Self.object([
                            ("output", .string(output.output)),
                            ("operators", .array(output.operators.map { .string($0.name) })),
                        ])
                    })
            ),
            ("files", .array(description.files.map { .string($0) })),
            (
                "products",
                description.layers.map { layers in
                    .array(
                        layers.map {
                            Self.object([
                                ("name", .string($0.name)), ("rows", .int(Int64($0.rows))),
                                ("columns", .int(Int64($0.columns))), ("precision", .string($0.precision.rawValue)),
                                ("rounding_error", .number($0.error)),
                            ])
                        })
                } ?? .null
            ),
        ]
        var bytes: [UInt8] = []
        JSONWriter.append(Self.object(members), to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private static func object(_ members: [(String, JSON)]) -> JSON { .object(JSONObject(members)) }
}
