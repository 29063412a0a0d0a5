import MartletGraph

extension ONNXOp {
    /// Mean or largest of points sampled in the bins of regions. Coordinates are shifted by half since opset 16.
    static let roiAlign = ONNXOp(
        "RoiAlign", inputs: 3...3,
        one: { call in
            let halfPixel = try call.choice(
                "coordinate_transformation_mode", default: call.version < 16 ? "output_half_pixel" : "half_pixel",
                ["half_pixel": true, "output_half_pixel": false])
            let op = try RoiAlignOp(
                call.choice("mode", default: "avg", ["avg": .average, "max": .max]),
                height: call.int("output_height", default: 1), width: call.int("output_width", default: 1),
                samplingRatio: call.int("sampling_ratio", default: 0),
                scale: call.float("spatial_scale", default: 1), halfPixel: halfPixel)
            return try call.emit(op, call.input(0), call.input(1), call.input(2))
        })
}
