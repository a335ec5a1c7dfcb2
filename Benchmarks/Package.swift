// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "weir-benchmarks",
    dependencies: [.package(name: "weir", path: "..")],
    targets: [
        .target(name: "CPeak"),
        .executableTarget(
            name: "codebook-speed",
            dependencies: ["CPeak", .product(name: "WeirCodebooks", package: "weir")],
            path: "Sources/CodebookSpeed",
            swiftSettings: [.treatAllWarnings(as: .error)]),
    ],
    swiftLanguageModes: [.v6]
)
