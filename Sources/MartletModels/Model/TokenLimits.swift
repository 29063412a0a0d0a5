/// How many tokens the files beside a model allow.
enum TokenLimits {
    /// Positions that a family keeps for padding and that no token can take.
    static func reservedPositions(_ modelType: String) -> Int {
        ["roberta", "xlm-roberta", "camembert", "mpnet"].contains(modelType) ? 2 : 0
    }

    /// Limits in `sentence_bert_config.json` and `tokenizer_config.json`. Absurdly large numbers there mean "none".
    static func beside(_ source: ModelSource) throws -> [Int] {
        var limits: [Int] = []
        if let (_, config) = try source.json("sentence_bert_config.json"), let limit = config["max_seq_length"]?.int {
            limits.append(limit)
        }
        if let (_, config) = try source.json("tokenizer_config.json"), let limit = config["model_max_length"]?.int {
            limits.append(limit)
        }
        return limits.filter { $0 > 0 && $0 < 1 << 30 }
    }
}
