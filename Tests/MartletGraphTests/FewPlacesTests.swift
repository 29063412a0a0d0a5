import MartletGraph
import MartletTensor
import Testing

/// Convolutions whose results have few places are run as products with rows and columns exchanged.
@Suite struct FewPlacesTests {
    @Test(arguments: [[7, 7], [1, 3], [5, 5]], [false, true])
    func pointwiseEqualsItsSums(size: [Int], withResidual: Bool) throws {
        let (images, channels, outputs) = (2, 70, 66)
        let places = size.reduce(1, *)
        var numbers = TestNumbers(seed: 3)
        let x = numbers.tensor([images, channels] + size)
        let weights = numbers.tensor([outputs, channels, 1, 1])
        let bias = numbers.tensor([outputs])
        let residual = numbers.tensor([images, outputs] + size)
        var graph = Graph()
        let inputs = [x, residual].map { graph.addInput("x", ValueType($0)) }
        let conv = try graph.add(
            ConvOp(), inputs[0], graph.addConstant(weights), graph.addConstant(bias), withResidual ? inputs[1] : nil)
        graph.addOutput("y", conv)
        let y = try CompiledGraph(graph).run([x, residual], RunContext())[0]
        let (a, w, b, r) = (
            x.values(Float.self), weights.values(Float.self), bias.values(Float.self), residual.values(Float.self)
        )
        let expected = (0..<images * outputs * places).map { index -> Float in
            let (image, output, place) = (index / (outputs * places), index / places % outputs, index % places)
            var sum = Double(b[output])
            for channel in 0..<channels {
                sum += Double(a[(image * channels + channel) * places + place]) * Double(w[output * channels + channel])
            }
            return Float(sum + (withResidual ? Double(r[index]) : 0))
        }
        #expect(largestDifference(y, try Tensor(vector: expected).reshaped(y.shape)) < 1e-5)
    }
}
