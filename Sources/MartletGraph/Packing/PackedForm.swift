import MartletTensor

/// What a value of the padded graph is for a row alone, and where it is found in the packed graph.
enum PackedForm {
    /// The same number everywhere.
    case uniform(ScalarValue)
    /// The place in the sequence plus `start`, an integer or float.
    case place(start: Int)
    /// Does not depend on batch or sequence: the same value in both graphs.
    case fixed(ValueID)
    /// [batch, seq, rest…] (or [seq, rest…], [1, seq, rest…], [batch·seq, rest…]) as [tokens, rest…].
    case tokenwise(ValueID)
    /// [batch, rest…] as [rows, rest…].
    case rowwise(ValueID)
}
