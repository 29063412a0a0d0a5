import MartletGraph

extension ONNXOp {
    /// x stretched or shrunk. Opset 10 has x and scales only, and coordinates of its own.
    static let resize = ONNXOp(
        "Resize", inputs: 1...4,
        one: { call in
            let mode = try call.choice("mode", default: "nearest", call.resizeModes)
            guard call.version > 10 else {
                let op = ResizeOp(mode, coordinates: .asymmetric, nearestMode: .simple)
                return try call.emit(op, call.input(0), nil, call.input(1))
            }
            var op = try ResizeOp(
                mode,
                coordinates: call.choice(
                    "coordinate_transformation_mode", default: "half_pixel",
                    [
                        "half_pixel": .halfPixel, "half_pixel_symmetric": .halfPixelSymmetric,
                        "pytorch_half_pixel": .pytorchHalfPixel, "align_corners": .alignCorners,
                        "asymmetric": .asymmetric, "tf_crop_and_resize": .cropAndResize,
                        "tf_half_pixel_for_nn": .halfPixelForNearest,
                    ]),
                nearestMode: call.choice(
                    "nearest_mode", default: "round_prefer_floor",
                    [
                        "round_prefer_floor": .roundPreferFloor, "round_prefer_ceil": .roundPreferCeil,
                        "floor": .floor, "ceil": .ceil,
                    ]),
                axes: call.ints("axes"))
            op.policy = try call.choice(
                "keep_aspect_ratio_policy", default: "stretch",
                ["stretch": .stretch, "not_larger": .notLarger, "not_smaller": .notSmaller])
            op.antialias = try call.flag("antialias")
            op.excludeOutside = try call.flag("exclude_outside")
            op.cubicA = try call.float("cubic_coeff_a", default: -0.75)
            op.extrapolation = try call.float("extrapolation_value", default: 0)
            return try call.emit(op, call.input(0), call.optional(1), call.optional(2), call.optional(3))
        })
}

extension ONNXCall {
    /// The modes of Resize and Upsample.
    var resizeModes: [String: ResizeOp.Mode] {
        ["nearest": .nearest, "linear": .linear, "bilinear": .linear, "cubic": .cubic]
    }
}
