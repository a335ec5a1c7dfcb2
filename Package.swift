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

let package = Package(
    name: "weir",
    targets: [
        // C and system libraries.
        .target(name: "CVectorKernels"),

        // The pure core: no sockets, clocks, threads or global state.
        .target(name: "EntropyCoding"),
        .target(name: "Quantization", dependencies: ["CVectorKernels", "EntropyCoding"]),

        // The executables: argument parsing and one call.

        .testTarget(name: "CVectorKernelsTests", dependencies: ["CVectorKernels"]),
        .testTarget(name: "EntropyCodingTests", dependencies: ["EntropyCoding"]),
        .testTarget(name: "QuantizationTests", dependencies: ["EntropyCoding", "Quantization"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}
