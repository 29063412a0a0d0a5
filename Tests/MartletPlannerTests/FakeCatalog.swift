import MartletData
import MartletPlanner
import MartletSupport
import MartletSyntax

/// A world of a few files and models that exist only as signatures.
struct FakeCatalog: Catalog {
    static let labels: DataType = .labels(["negative", "neutral", "positive"])

    static func classifier(_ file: String) -> ModelSignature {
        ModelSignature(
            file: file, inputs: [ModelInput(name: "text", type: .string, isText: true)],
            outputs: [
                ModelOutput(name: "label", type: labels), ModelOutput(name: "score", type: .float),
                ModelOutput(name: "probabilities", type: .tensor(.float32, shape: [3]), onRequest: true),
            ], parameterCount: 1_000, flopPerToken: 2e6, maxTokens: 128, note: "signature from \(file)/config.json")
    }

    private let models: [String: ModelSignature] = [
        "models/tone": classifier("models/tone"),
        "models/tone-large": classifier("models/tone-large"),
        "models/enc": ModelSignature(
            file: "models/enc", inputs: [ModelInput(name: "text", type: .string, isText: true)],
            outputs: [ModelOutput(name: "embedding", type: .tensor(.float32, shape: [384]))]),
        "head.onnx": ModelSignature(
            file: "head.onnx", inputs: [ModelInput(name: "x", type: .tensor(.float32, shape: [768]))],
            outputs: [ModelOutput(name: "logits", type: .tensor(.float32, shape: [3]))],
            note: "signature from head.onnx, input \"x\" [batch, 768]"),
        "fit.onnx": ModelSignature(
            file: "fit.onnx", inputs: [ModelInput(name: "x", type: .tensor(.float32, shape: [384]))],
            outputs: [ModelOutput(name: "logits", type: .tensor(.float32, shape: [3]))]),
        "two.onnx": ModelSignature(
            file: "two.onnx",
            inputs: [
                ModelInput(name: "a", type: .tensor(.float32, [.named("n")])),
                ModelInput(name: "b", type: .tensor(.float32, [.named("n")])),
            ], outputs: [ModelOutput(name: "y", type: .tensor(.float32, [.named("n")]))]),
    ]

    private let files: [String: [(String, DataType)]] = [
        "reviews.csv": [("id", .string), ("source", .string), ("stars", .float), ("text", .string)],
        "docs.csv": [("id", .int), ("title", .string), ("body", .string)],
        "numbers.csv": [("a", .int), ("b", .int), ("x", .float), ("ok", .bool), ("at", .timestamp)],
    ]

    func model(path: String, options: [String: Value], declared: DeclaredSignature?) throws -> ModelSignature {
        for option in options.keys.sorted() where !["truncate", "max_tokens", "labels"].contains(option) {
            throw CatalogOptionError.unknown(option, of: "a model", known: ["truncate", "max_tokens", "labels"])
        }
        guard let signature = models[path] else { throw Missing(path: path) }
        return signature
    }

    func data(path: String, options: [String: Value]) throws -> DataFile {
        guard let columns = files[path] else { throw Missing(path: path) }
        return DataFile(schema: try Schema(columns.map { MartletData.Field($0.0, $0.1) }), format: "csv")
    }

    func table(_ name: String) -> Schema? {
        name == "people" ? try? Schema([MartletData.Field("name", .string), MartletData.Field("age", .int)]) : nil
    }

    var tableNames: [String] { ["people"] }

    func writeOptions(path: String) throws -> [String] { ["header", "delimiter"] }

    struct Missing: Error, Explainable {
        var path: String
        var explanation: Explanation {
            Explanation(
                code: "E0601", message: "cannot open `\(path)`: No such file or directory", help: "check the path")
        }
    }
}

/// Statements that most scripts here begin with.
let prelude = """
    model small = load 'models/tone'; model large = load 'models/tone-large'; model enc = load 'models/enc';
    model head = load 'head.onnx'; model fit = load 'fit.onnx'; model two = load 'two.onnx';
    """

func bound(_ text: String, parameters: [String: ParameterValue] = [:]) -> (BindingResult, SourceText) {
    let source = SourceText(name: "test", text)
    let parsed = parse(source)
    var environment = BinderEnvironment()
    var result = bind(
        parsed.script, source: source, catalog: FakeCatalog(), parameters: parameters, environment: &environment)
    result.diagnostics = parsed.diagnostics + result.diagnostics
    return (result, source)
}

/// The rendered diagnostics of a script, which follows the prelude on line 3.
func complaints(_ text: String) -> String {
    let (result, source) = bound(prelude + "\n" + text)
    return result.diagnostics.rendered(in: source)
}

/// The last query of a script that follows the prelude; an error is a failure with the diagnostics as its text.
func query(_ text: String, parameters: [String: ParameterValue] = [:]) throws -> BoundQuery {
    let (result, source) = bound(prelude + "\n" + text, parameters: parameters)
    guard result.isValid else { throw Refused(text: result.diagnostics.rendered(in: source)) }
    for statement in result.script.statements.reversed() {
        switch statement.action {
        case .query(let query), .explain(let query, _), .show(let query): return query
        case .declaration: continue
        }
    }
    throw Refused(text: "no query")
}

struct Refused: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}
