import MartletTensor

/// For each batch and class the boxes that stand out: in falling order of score, each one that covers no earlier one too far.
///
/// Inputs: boxes float[batch, boxes, 4], scores float[batch, classes, boxes], then scalars that may be left out: most boxes
/// of a class (int64, 0), the intersection over union beyond which a box is dropped (float, 0), the score that a box must
/// exceed (float, none). Output: int64[selected, 3] of batch, class and box.
package struct NonMaxSuppressionOp: GraphOp {
    package static let name = "NonMaxSuppression"
    /// Boxes are [centre x, centre y, width, height] instead of two corners [y, x, y, x] in either order.
    package var isCentred: Bool

    package init(isCentred: Bool = false) { self.isCentred = isCentred }

    package var attributes: String { isCentred ? "centred" : "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let boxes = try operand(inputs, 0)
        let scores = try operand(inputs, 1)
        guard boxes.type.dtype == .float32, scores.type.dtype == .float32 else {
            throw impossible(inputs, "boxes and scores must be float")
        }
        guard boxes.type.rank ?? 3 == 3, scores.type.rank ?? 3 == 3, boxes.type.shape?.last?.fixedValue ?? 4 == 4 else {
            throw impossible(inputs, "wants boxes [batch, boxes, 4] and scores [batch, classes, boxes]")
        }
        return [ValueType(.int64, [.unknown, .fixed(3)])]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let boxes = try operand(inputs, 0, context)
        let scores = try operand(inputs, 1, context)
        guard boxes.rank == 3, scores.rank == 3, boxes.shape[2] == 4, boxes.shape[0] == scores.shape[0],
            boxes.shape[1] == scores.shape[2], boxes.dtype == .float32, scores.dtype == .float32
        else { throw context.invalid(self, inputs, "boxes and scores do not go together") }
        let limit = try scalar(inputs, 2, context)?.integerValues(limit: 1)?.first ?? 0
        let overlap = try scalar(inputs, 3, context)?.converted(to: .float32).values(Float.self).first ?? 0
        let least = try scalar(inputs, 4, context)?.converted(to: .float32).values(Float.self).first

        let (batches, classes, count) = (scores.shape[0], scores.shape[1], scores.shape[2])
        var chosen = [[Int32]](repeating: [], count: batches * classes)
        if limit > 0, count > 0, count <= Int(Int32.max) {
            let corners = (0..<batches).map { Corners(boxes.floats + $0 * count * 4, count, isCentred) }
            chosen.withUnsafeMutableBufferPointer { chosen in
                nonisolated(unsafe) let chosen = chosen
                let floats = scores.floats
                context.parallelRows(batches * classes, work: count * 32) { range in
                    for row in range {
                        chosen[row] = corners[row / classes].select(
                            floats + row * count, above: least, overlap: overlap, limit: limit)
                    }
                }
            }
        }
        let result = try context.output(0, .int64, [chosen.reduce(0) { $0 + $1.count }, 3])
        let to = result.mutableElements(Int64.self)
        var place = 0
        for (row, boxes) in chosen.enumerated() {
            for box in boxes {
                to[place] = Int64(row / classes)
                to[place + 1] = Int64(row % classes)
                to[place + 2] = Int64(box)
                place += 3
            }
        }
        return [result]
    }

    private func scalar(_ inputs: [Tensor?], _ index: Int, _ context: RunContext) throws -> Tensor? {
        guard optional(inputs, index) != nil else { return nil }
        let tensor = try operand(inputs, index, context)
        guard tensor.count <= 1 else { throw context.invalid(self, inputs, "input \(index) is no single number") }
        return tensor.count == 1 ? tensor : nil
    }

    /// Boxes as [low x, low y, high x, high y], and their areas.
    private struct Corners: Sendable {
        private var boxes: [SIMD4<Float>] = []
        private var areas: [Float] = []

        init(_ from: UnsafePointer<Float>, _ count: Int, _ isCentred: Bool) {
            boxes.reserveCapacity(count)
            areas.reserveCapacity(count)
            for index in 0..<count {
                let box = from + index * 4
                let low: SIMD2<Float>
                let high: SIMD2<Float>
                if isCentred {
                    let half = SIMD2(box[2], box[3]) / 2
                    low = SIMD2(box[0], box[1]) - half
                    high = SIMD2(box[0], box[1]) + half
                } else {
                    let (a, b) = (SIMD2(box[1], box[0]), SIMD2(box[3], box[2]))
                    low = pointwiseMin(a, b)
                    high = pointwiseMax(a, b)
                }
                boxes.append(SIMD4(lowHalf: low, highHalf: high))
                areas.append((high.x - low.x) * (high.y - low.y))
            }
        }

        /// The places of the boxes that are kept.
        func select(
            _ scores: UnsafePointer<Float>, above least: Float?, overlap: Float, limit: Int
        ) -> [Int32] {
            // Falling scores, then rising places, as one number; NaN scores come last.
            var order: [UInt64] = []
            for index in 0..<boxes.count {
                let score = scores[index]
                if let least, !(score > least) { continue }
                order.append(UInt64(~orderedBits(score, nan: 0)) << 32 | UInt64(index))
            }
            order.sort()
            var kept: [Int32] = []
            var keptBoxes: [SIMD4<Float>] = []
            var keptAreas: [Float] = []
            for key in order {
                guard kept.count < limit else { break }
                let index = Int(key & 0xffff_ffff)
                let box = boxes[index]
                let area = areas[index]
                var isFree = true
                for other in 0..<kept.count {
                    let low = pointwiseMax(box.lowHalf, keptBoxes[other].lowHalf)
                    let high = pointwiseMin(box.highHalf, keptBoxes[other].highHalf)
                    let size = high - low
                    guard size.x > 0, size.y > 0 else { continue }
                    let common = size.x * size.y
                    let union = area + keptAreas[other] - common
                    if area > 0, keptAreas[other] > 0, union > 0, common / union > overlap {
                        isFree = false
                        break
                    }
                }
                guard isFree else { continue }
                kept.append(Int32(index))
                keptBoxes.append(box)
                keptAreas.append(area)
            }
            return kept
        }
    }
}
