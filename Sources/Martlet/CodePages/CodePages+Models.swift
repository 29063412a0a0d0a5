extension CodePages {
    /// E063x to E066x, E069x: models.
    static let models: [CodePage] = [
        CodePage(
            "E0630", title: "a path that is no model",
            "Models are ONNX files, GGUF files, and folders with config.json and safetensors.",
            remedy: "name one of these.", example: "model m = load 'examples/data/sample.csv';"),
        CodePage(
            "E0631", title: "a model of a format that is not read",
            "Pickled weights can run code, and other formats are not known.",
            remedy: "convert the model as the message says."),
        CodePage(
            "E0632", title: "a model folder that lacks a file",
            "A folder holds config.json, weights and, for texts, tokenizer.json.",
            remedy: "fetch the missing file."),
        CodePage(
            "E0633", title: "an option that models do not have", "with (…) of model takes a few options.",
            remedy: "take one from the note.", example: "model m = load 'examples/models/tone' with (max_token = 8);"),
        CodePage(
            "E0634", title: "a value that a model's option does not take", "Each option takes one kind of value.",
            remedy: "the message says which.",
            example: "model m = load 'examples/models/tone' with (precision = 'int4');"),
        CodePage(
            "E0635", title: "labels that are not as many as the classes",
            "Each class has one label, in the order of the logits.",
            remedy: "give exactly as many.",
            example: "model m = load 'examples/models/tone' with (labels = ['a', 'b']);"),
        CodePage(
            "E0636", title: "an option that this model has no use for",
            "Pooling, labels and the like need a model of their kind.",
            remedy: "leave it out.", example: "model m = load 'examples/models/tone-head.onnx' with (normalize = true);"
        ),
        CodePage(
            "E0637", title: "a model file that names a file outside its folder",
            "A model may read only what lies beside it.",
            remedy: "put the file beside the model, and name it by a relative path."),
        CodePage(
            "E0638", title: "a model of another signature than declared",
            "model … as (inputs) -> (outputs) is checked against the file.",
            remedy: "correct the declaration: the note has the signature.",
            example: "model m = load 'examples/models/tone-head.onnx' as (v float[10]) -> (logits float[3]);"),
        CodePage(
            "E0640", title: "a safetensors file that is too short", "It does not even hold the length of its header.",
            remedy: "fetch it again."),
        CodePage(
            "E0641", title: "a safetensors header that is too long", "It should be longer than the file.",
            remedy: "fetch it again."),
        CodePage(
            "E0642", title: "a safetensors header that is wrong", "An entry of it is not as the format says.",
            remedy: "write or fetch it again."),
        CodePage(
            "E0643", title: "a safetensors type that is not read",
            "Its elements are of another type than those supported.",
            remedy: "convert the weights to F32, F16 or BF16."),
        CodePage(
            "E0644", title: "a tensor outside the file", "Its bytes would lie beyond the end.",
            remedy: "fetch it again."),
        CodePage(
            "E0645", title: "a tensor of the wrong size", "Its bytes are not as many as shape and type need.",
            remedy: "fetch it again."),
        CodePage("E0646", title: "tensors that overlap", "Two share bytes of the file.", remedy: "fetch it again."),
        CodePage(
            "E0647", title: "a tensor that its part does not hold",
            "The index names a file in which the tensor is not.",
            remedy: "fetch all parts of the model."),
        CodePage(
            "E0648", title: "an index of parts that is wrong", "It is not as the format says.",
            remedy: "fetch it again."),
        CodePage(
            "E0650", title: "a file that is no readable ONNX model", "The bytes are no message of the format.",
            remedy: "fetch or export it again."),
        CodePage(
            "E0651", title: "an ONNX model that is not complete", "A part of it is missing.",
            remedy: "fetch or export it again."),
        CodePage(
            "E0652", title: "a newer operator set", "The model uses a version of the standard that is not known here.",
            remedy: "export it with a lower opset_version."),
        CodePage(
            "E0653", title: "a tensor of an ONNX model that is wrong", "Its data and its shape do not fit each other.",
            remedy: "export it again."),
        CodePage(
            "E0654", title: "ONNX operators without support", "`martlet model operators` lists those that run.",
            remedy: "export the model without them."),
        CodePage(
            "E0655", title: "an ONNX graph with a cycle", "A node needs its own result.", remedy: "export it again."),
        CodePage(
            "E0656", title: "an ONNX value that is made twice", "Each value has one name.", remedy: "export it again."),
        CodePage(
            "E0657", title: "an ONNX value that nothing makes", "A node uses a name that no other gives.",
            remedy: "export it again."),
        CodePage(
            "E0658", title: "an ONNX node that is wrong", "Its attributes or inputs are not as the standard says.",
            remedy: "export it again."),
        CodePage(
            "E0659", title: "an ONNX input or output that cannot be used", "Its type is one that no column holds.",
            remedy: "export the model with other inputs or outputs."),
        CodePage(
            "E0660", title: "an architecture that is not built in", "config.json names a model_type that is not known.",
            remedy: "export the model to ONNX."),
        CodePage(
            "E0661", title: "a class of model that is not built in",
            "The architecture is known, this head on it is not.",
            remedy: "export the model to ONNX."),
        CodePage(
            "E0662", title: "a setting of config.json that cannot be used",
            "Its value is missing, wrong, or of a variant that is not built in.",
            remedy: "export the model to ONNX."),
        CodePage(
            "E0663", title: "a missing weight", "config.json promises a layer that the weights do not have.",
            remedy: "take both from the same model."),
        CodePage(
            "E0664", title: "a weight of the wrong shape", "config.json promises another size.",
            remedy: "take both from the same model."),
        CodePage(
            "E0665", title: "a weight of the wrong type", "Its elements are no floats that are read.",
            remedy: "convert the weights to float32, float16 or bfloat16."),
        CodePage(
            "E0666", title: "weights that the architecture does not use",
            "Leaving them out would give another model's answers.",
            remedy: "take config.json and weights from the same model."),
        CodePage(
            "E0690", title: "a GGUF version that is not read", "Versions 2 and 3 are, with little-endian numbers.",
            remedy: "convert the file again."),
        CodePage(
            "E0691", title: "a GGUF file that is not sound", "Its bytes are not as the format says.",
            remedy: "fetch it again."),
        CodePage(
            "E0692", title: "GGUF metadata that cannot be used", "A key is missing or of the wrong kind.",
            remedy: "convert the file again."),
        CodePage(
            "E0693", title: "a GGUF tensor type that is not read", "The note lists those that are.",
            remedy: "use a file that is quantized to one of them."),
        CodePage(
            "E0694", title: "a GGUF tensor that cannot be used", "Its place or size is wrong.",
            remedy: "fetch it again."),
        CodePage(
            "E0695", title: "a GGUF architecture that is not built in", "The note lists those that are.",
            remedy: "use a model of one of them."),
    ]
}
