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
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let basicContainers = Target.Dependency.product(name: "BasicContainers", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

let package = Package(
    name: "weir",
    products: [
        .executable(name: "weir", targets: ["weir"]),
        .executable(name: "weir-agent", targets: ["weir-agent"]),
        .executable(name: "weir-collector", targets: ["weir-collector"]),
        // For Benchmarks.
        .library(name: "WeirCodebooks", targets: ["Quantization", "Training"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C and system libraries.
        .target(name: "CVectorKernels"),
        .target(name: "CTOML"),
        .target(name: "CLinux"),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),

        // The pure core: no sockets, clocks, threads or global state.
        .target(name: "EntropyCoding"),
        .target(name: "Quantization", dependencies: ["CVectorKernels", "EntropyCoding"]),
        .target(name: "Bundles", dependencies: ["EntropyCoding", "Quantization", crypto]),
        .target(name: "WireFormat", dependencies: ["Quantization", "Bundles"]),
        .target(name: "LinkControl", dependencies: ["Quantization", "WireFormat"]),
        .target(
            name: "AgentCore",
            dependencies: ["Bundles", "LinkControl", "Quantization", "WireFormat", basicContainers]),
        .target(
            name: "CollectorCore",
            dependencies: ["Bundles", "Quantization", "WireFormat", deque]),
        .target(
            name: "LinkSimulation",
            dependencies: [
                "AgentCore", "Bundles", "CollectorCore", "LinkControl", "Quantization", "WireFormat", deque,
            ]),

        // Files, training, pictures.
        .target(name: "Settings", dependencies: ["CTOML"]),
        .target(name: "Plotting"),
        .target(
            name: "Training", dependencies: ["Bundles", "CVectorKernels", "EntropyCoding", "Quantization"]),

        // Services around the cores.
        .target(
            name: "ServiceHost",
            dependencies: [
                "CSystemd", "CLinux", "WireFormat", logging, lifecycle, unixSignals, nioCore, nioPosix,
                nioHTTP1,
            ]),
        .target(
            name: "Agent",
            dependencies: [
                "AgentCore", "Bundles", "CLinux", "LinkControl", "Quantization", "ServiceHost", "Settings",
                "WireFormat", logging, lifecycle, nioCore, nioPosix,
            ]),
        .target(
            name: "Collector",
            dependencies: [
                "Bundles", "CLinux", "CollectorCore", "Quantization", "ServiceHost", "Settings", "WireFormat",
                grdb, logging, lifecycle, nioCore, nioPosix,
            ]),
        .target(
            name: "Commands",
            dependencies: [
                "AgentCore", "Bundles", "CLinux", "CollectorCore", "EntropyCoding", "LinkControl",
                "LinkSimulation", "Plotting", "Quantization", "Settings", "Training", "WireFormat",
                argumentParser, nioCore, nioPosix,
            ]),

        // The executables: argument parsing and one call.
        .executableTarget(name: "weir", dependencies: ["Commands", argumentParser]),
        .executableTarget(name: "weir-agent", dependencies: ["Agent", argumentParser]),
        .executableTarget(name: "weir-collector", dependencies: ["Collector", argumentParser]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "CVectorKernelsTests", dependencies: ["CVectorKernels", "TestSupport"]),
        .testTarget(name: "EntropyCodingTests", dependencies: ["EntropyCoding", "TestSupport"]),
        .testTarget(
            name: "QuantizationTests", dependencies: ["EntropyCoding", "Quantization", "TestSupport"]),
        .testTarget(
            name: "BundlesTests", dependencies: ["Bundles", "EntropyCoding", "Quantization", "TestSupport"],
            exclude: ["Golden", "Python"]),
        .testTarget(
            name: "WireFormatTests", dependencies: ["Bundles", "Quantization", "WireFormat", "TestSupport"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "LinkControlTests",
            dependencies: ["LinkControl", "Quantization", "WireFormat", "TestSupport"]),
        .testTarget(
            name: "CoreTests",
            dependencies: [
                "AgentCore", "Bundles", "CollectorCore", "EntropyCoding", "LinkControl", "LinkSimulation",
                "Quantization", "Training", "WireFormat",
            ]),
        .testTarget(name: "SettingsTests", dependencies: ["Settings"]),
        .testTarget(name: "PlottingTests", dependencies: ["Plotting"], exclude: ["Golden"]),
        .testTarget(
            name: "TrainingTests", dependencies: ["Bundles", "EntropyCoding", "Quantization", "Training"]),
        .testTarget(
            name: "ServiceHostTests", dependencies: ["ServiceHost", logging, lifecycle, nioCore, nioPosix]),
        .testTarget(
            name: "AgentTests", dependencies: ["Agent", "ServiceHost", "TestSupport", "WireFormat", nioCore]),
        .testTarget(
            name: "CollectorTests",
            dependencies: ["Collector", "CollectorCore", "Bundles", "WireFormat", grdb, logging]),
        .testTarget(
            name: "CommandsTests",
            dependencies: ["Bundles", "Commands", "EntropyCoding", "Quantization", "TestSupport"]),
        .testTarget(name: "EndToEndTests", dependencies: ["Bundles", "CLinux", grdb, "TestSupport"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}
