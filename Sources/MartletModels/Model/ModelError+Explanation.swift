import MartletSupport

extension ModelError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .unknownFormat(let path, let found):
            return Explanation(
                code: "E0630", message: "`\(path)` is no model that can be read: \(found)",
                place: InputPlace(file: path),
                notes: ["read are: \(ModelFormats.table.map(\.summary).joined(separator: "; "))"])
        case .unsupportedFormat(let path, let format, let remedy):
            return Explanation(
                code: "E0631", message: "`\(path)` is \(format), which is not supported",
                place: InputPlace(file: path), help: remedy)
        case .missingFile(let folder, let name, let remedy):
            return Explanation(
                code: "E0632", message: "the model folder `\(folder)` has no `\(name)`",
                place: InputPlace(file: folder), help: remedy)
        case .unknownOption(let name, let suggestion):
            let names = ModelOptions.table.entries.map(\.name).joined(separator: ", ")
            return Explanation(
                code: "E0633", message: "a model has no option `\(name)`", notes: ["options are: \(names)"],
                help: suggestion.map { "did you mean `\($0)`?" })
        case .wrongOption(let name, let wanted):
            return Explanation(code: "E0634", message: "option `\(name)` takes \(wanted)")
        case .labelCount(let path, let labels, let classes):
            return Explanation(
                code: "E0635", message: "\(labels) labels for a model of \(classes) classes",
                place: InputPlace(file: path), help: "give exactly \(classes) labels, in the order of the logits")
        case .optionWithoutUse(let path, let name, let reason):
            return Explanation(
                code: "E0636", message: "option `\(name)` cannot be used here: \(reason)", place: InputPlace(file: path)
            )
        case .unsafePath(let file, let path):
            return Explanation(
                code: "E0637", message: "`\(file)` names the file `\(path)`, which is outside the model's folder",
                place: InputPlace(file: file),
                help: "put the file beside the model and name it by a relative path")
        }
    }
}
