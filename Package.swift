// swift-tools-version: 6.3
import PackageDescription

/// The settings of every Swift target: language mode 6 (below), strict memory safety, no warnings.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

// Products of other packages, each named once.
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "weir",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")
    ],
    targets: [
        // C and system libraries.
        .target(name: "CVectorKernels"),

        // The pure core: no sockets, clocks, threads or global state.
        .target(name: "EntropyCoding"),
        .target(name: "Quantization", dependencies: ["CVectorKernels", "EntropyCoding"]),
        .target(name: "Bundles", dependencies: ["EntropyCoding", "Quantization", crypto]),
        .target(name: "WireFormat", dependencies: ["Quantization", "Bundles"]),
        .target(name: "LinkControl", dependencies: ["Quantization", "WireFormat"]),

        // Files, training, pictures.
        .target(name: "Plotting"),

        // The executables: argument parsing and one call.

        .testTarget(name: "CVectorKernelsTests", dependencies: ["CVectorKernels"]),
        .testTarget(name: "EntropyCodingTests", dependencies: ["EntropyCoding"]),
        .testTarget(name: "QuantizationTests", dependencies: ["EntropyCoding", "Quantization"]),
        .testTarget(name: "BundlesTests", dependencies: ["Bundles", "EntropyCoding", "Quantization"]),
        .testTarget(
            name: "WireFormatTests", dependencies: ["Bundles", "Quantization", "WireFormat"],
            exclude: ["Vectors"]),
        .testTarget(name: "LinkControlTests", dependencies: ["LinkControl", "Quantization", "WireFormat"]),
        .testTarget(name: "PlottingTests", dependencies: ["Plotting"], exclude: ["Golden"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}
