// swift-tools-version: 6.1
// The manifest is a map: targets stand in the order in which data walks through them, lowest first.
// A target's imports are exactly its dependencies here; docs/architecture.md says why each wall stands.
import Foundation
import PackageDescription

let package = Package(
    name: "martlet",
    products: [
        .library(name: "Martlet", targets: ["Martlet"]),
        .executable(name: "martlet", targets: ["MartletCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        // MARK: C and system libraries
        .target(name: "CMartletKernels", exclude: ["coefficients.py", "README.md"]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .systemLibrary(name: "CProcessor"),
        // No pkgConfig: readline's .pc carries flags that SwiftPM prohibits.
        .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"]), .brew(["readline"])]),

        // MARK: Support: mapped files, bounded reader, JSON, thread pool, name tables
        .target(name: "MartletSupport", dependencies: ["CProcessor"]),
        .testTarget(
            name: "MartletSupportTests", dependencies: ["MartletSupport"], resources: [.copy("Fixtures")]),

        // MARK: Syntax: source text, tokens, AST, parser, formatter, diagnostics
        .target(name: "MartletSyntax"),
        .testTarget(name: "MartletSyntaxTests", dependencies: ["MartletSyntax"]),

        // MARK: Tensor: dtype, shape, storage
        .target(name: "MartletTensor", dependencies: ["MartletSupport"]),
        .testTarget(name: "MartletTensorTests", dependencies: ["MartletTensor"]),

        // MARK: Kernels: the only Swift door to C and BLAS
        .target(
            name: "MartletKernels",
            dependencies: ["MartletTensor", "MartletSupport", "CMartletKernels", "COpenBLAS"]),
        .testTarget(name: "MartletKernelsTests", dependencies: ["MartletKernels", "CMartletKernels"]),

        // MARK: Graph: tensor graph, ops, graph rules, memory plan
        .target(name: "MartletGraph", dependencies: ["MartletKernels", "MartletTensor", "MartletSupport"]),
        .testTarget(
            name: "MartletGraphTests", dependencies: ["MartletGraph"], resources: [.copy("Fixtures")]),

        // MARK: Models: file formats and architectures, to graphs
        .target(name: "MartletModels", dependencies: ["MartletGraph", "MartletTensor", "MartletSupport"]),
        .testTarget(
            name: "MartletModelsTests", dependencies: ["MartletModels"], exclude: ["Conformance"],
            resources: [.copy("Fixtures")]),

        // MARK: Tokenizers: tokenizer.json, text to token ids
        .target(name: "MartletTokenizers", dependencies: ["MartletSupport"]),
        .testTarget(
            name: "MartletTokenizersTests", dependencies: ["MartletTokenizers"], resources: [.copy("Fixtures")]),

        // MARK: Data: types, columns, morsels, data formats
        .target(name: "MartletData", dependencies: ["MartletKernels", "MartletTensor", "MartletSupport"]),
        .testTarget(
            name: "MartletDataTests", dependencies: ["MartletData", "MartletTensor", "MartletSupport"],
            resources: [.copy("Fixtures")]),

        // MARK: Planner: binder, functions, logical plan, rules, physical plan
        .target(name: "MartletPlanner", dependencies: ["MartletSyntax", "MartletData", "MartletSupport"]),
        .testTarget(name: "MartletPlannerTests", dependencies: ["MartletPlanner"]),

        // MARK: Executor: operators, regions to graphs, batch forming, scheduler, metrics
        .target(
            name: "MartletExecutor",
            dependencies: [
                "MartletPlanner", "MartletData", "MartletGraph", "MartletModels", "MartletTokenizers",
                "MartletTensor", "MartletSupport",
            ]),
        .testTarget(
            name: "MartletExecutorTests", dependencies: ["MartletExecutor", "MartletTestSupport"],
            resources: [.copy("Fixtures")]),

        // MARK: Martlet: the public API
        .target(
            name: "Martlet",
            dependencies: [
                "MartletExecutor", "MartletPlanner", "MartletSyntax", "MartletData", "MartletModels",
                "MartletGraph", "MartletKernels", "MartletTokenizers", "MartletTensor", "MartletSupport",
            ]),
        .target(name: "MartletTestSupport", dependencies: ["Martlet"]),
        .testTarget(name: "MartletTests", dependencies: ["Martlet", "MartletSyntax", "MartletTestSupport"]),
        .executableTarget(name: "EmbedExample", dependencies: ["Martlet"], path: "examples/embed"),

        // MARK: Language server: scripts in editors
        .target(
            name: "MartletLanguageServer", dependencies: ["Martlet", "MartletSyntax", "MartletSupport"]),
        .testTarget(
            name: "MartletLanguageServerTests",
            dependencies: ["MartletLanguageServer", "Martlet", "MartletSupport", "MartletTestSupport"]),

        // MARK: Shell: command line, interactive shell, table printer
        .target(
            name: "MartletShell",
            dependencies: [
                "Martlet", "MartletLanguageServer", "CReadline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "MartletCommand", dependencies: ["MartletShell"]),
        .testTarget(name: "MartletShellTests", dependencies: ["MartletShell", "MartletTestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)

// MARK: Fuzz targets, only with MARTLET_FUZZ set (Fuzz/run sets it): Fuzz/<name> with main.swift and TestOneInput.swift
func fuzzTarget(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["CFuzzDriver"], path: "Fuzz/\(name)",
        exclude: ["Seeds", "dictionary.txt"].filter {
            FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Fuzz/\(name)/\($0)")
        })
}

if Context.environment["MARTLET_FUZZ"] != nil {
    package.targets += [
        .target(name: "CFuzzDriver", path: "Fuzz/CFuzzDriver"),
        fuzzTarget("MartletSyntaxFuzz", "MartletSyntax"),
        fuzzTarget("MartletCSVFuzz", "MartletData", "MartletSupport"),
        fuzzTarget("MartletJSONFuzz", "MartletData", "MartletSupport"),
        fuzzTarget("MartletONNXFuzz", "MartletModels", "MartletGraph", "MartletTensor", "MartletSupport"),
        fuzzTarget("MartletSafetensorsFuzz", "MartletModels", "MartletSupport"),
        fuzzTarget("MartletTokenizersFuzz", "MartletTokenizers", "MartletSupport"),
    ]
}

// MARK: Tools for work on kernels and operators, built only when asked for: MARTLET_BENCH=1 swift run -c release KernelBench
if Context.environment["MARTLET_BENCH"] != nil {
    package.targets += [
        .executableTarget(name: "KernelBench", dependencies: ["MartletKernels", "MartletSupport"]),
        .executableTarget(name: "LatencyBench", dependencies: ["Martlet"]),
        .executableTarget(name: "CascadeBench", dependencies: ["Martlet", "MartletExecutor"]),
        .executableTarget(
            name: "SearchBench", dependencies: ["MartletGraph", "MartletKernels", "MartletTensor", "MartletSupport"]),
        .executableTarget(name: "ConformanceCheck", dependencies: ["MartletModels", "MartletGraph"]),
        .executableTarget(name: "TokenizerBench", dependencies: ["MartletTokenizers", "MartletSupport"]),
        .executableTarget(
            name: "DecoderBench", dependencies: ["MartletModels", "MartletGraph", "MartletTensor", "MartletSupport"]),
        .executableTarget(
            name: "ModelBench", dependencies: ["MartletModels", "MartletGraph", "MartletTensor", "MartletSupport"]),
    ]
}

// MARK: Folder notes are no sources
for target in package.targets where target.path == nil && target.type != .system {
    let folder = target.type == .test ? "Tests" : "Sources"
    let hasNotes = FileManager.default.fileExists(
        atPath: "\(Context.packageDirectory)/\(folder)/\(target.name)/README.md")
    if hasNotes, !target.exclude.contains("README.md") { target.exclude.append("README.md") }
}
