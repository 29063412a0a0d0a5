import MartletSupport

/// A stage as `show stages` lists it. Which stages there are is the syntax tree's matter, how they are bound is that of the
/// files beside this one; a stage that the grammar knows and this table does not is an unknown stage.
package struct StageEntry: Sendable {
    package let name: String
    package let form: String
    package let doc: String
    /// Whether it may stand in an arm: each row goes its way without looking at others.
    package let isRowWise: Bool
}

package enum StageTable {
    package static let all = NameTable(
        [
            StageEntry(
                name: "where", form: "where condition", doc: "keeps the rows for which it is true", isRowWise: true),
            StageEntry(
                name: "extend", form: "extend expr as name, …", doc: "adds columns, or replaces them", isRowWise: true),
            StageEntry(
                name: "select", form: "select expr as name, *, …", doc: "keeps just these columns", isRowWise: true),
            StageEntry(name: "rename", form: "rename old as new, …", doc: "gives columns other names", isRowWise: true),
            StageEntry(name: "limit", form: "limit n offset m", doc: "keeps the first rows", isRowWise: false),
            StageEntry(
                name: "order by", form: "order by expr asc|desc nulls first|last, …",
                doc: "sorts; equal rows keep their order",
                isRowWise: false),
            StageEntry(
                name: "batch", form: "batch rows n | tokens n | auto", doc: "advises on batches", isRowWise: true),
            StageEntry(
                name: "infer",
                form:
                    "infer m(x, …) as (output as name, …) with (state = (input => output), by = key) on error fail|null|drop|keep as name",
                doc: "runs a model on each row", isRowWise: true),
            StageEntry(
                name: "route", form: "route when c as name then … else … end fill null as column",
                doc: "sends each row one way", isRowWise: true),
            StageEntry(
                name: "cascade",
                form:
                    "cascade as (outputs) try m(x) until c … try m(x) end as column with (calibrate = rows, truth = expr, target = share, delta = chance, store = 'file')",
                doc: "asks models in turn until one is sure", isRowWise: true),
            StageEntry(
                name: "split", form: "split by key weight n as name then … end as column",
                doc: "sends shares of the rows different ways, the same key always the same way", isRowWise: true),
            StageEntry(
                name: "aggregate", form: "aggregate items group by items", doc: "one row per group", isRowWise: false),
            StageEntry(
                name: "distinct", form: "distinct on (keys)", doc: "the first row of each kind", isRowWise: false),
            StageEntry(
                name: "union", form: "union relation", doc: "adds the rows of another relation", isRowWise: false),
            StageEntry(
                name: "join", form: "join relation on a = relation.b and …",
                doc: "the rows of a relation with equal keys beside each row", isRowWise: false),
            StageEntry(
                name: "left join", form: "left join relation on a = relation.b and …",
                doc: "the same; a row without any partner stays, with nulls beside it", isRowWise: false),
            StageEntry(
                name: "nearest", form: "nearest k relation on cosine(a, b)|dot(a, b)|l2(a, b) as name",
                doc: "the k rows of a relation that are nearest to each row", isRowWise: false),
            StageEntry(
                name: "unnest", form: "unnest expr as name",
                doc: "a row for each element of a list, or of a tensor's first dimension", isRowWise: false),
            StageEntry(
                name: "sample", form: "sample n percent",
                doc: "n rows by chance, or that share of them; the same ones for the same `seed`", isRowWise: false),
            StageEntry(
                name: "assert", form: "assert condition, 'message'",
                doc: "stops at the first row for which it is not true",
                isRowWise: true),
            StageEntry(name: "write", form: "write 'file' with (…)", doc: "writes the rows to a file", isRowWise: true),
        ]) { [$0.name] }
}
