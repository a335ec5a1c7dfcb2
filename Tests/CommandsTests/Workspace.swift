import Bundles
import Foundation
import Quantization

/// A temporary directory that goes away with the value.
final class Workspace: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "weir-commands-\(UInt64.random(in: 0...(.max)))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        path = folder.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: file(name)))) }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// Writes a file; returns its path.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: file(name)))
        return file(name)
    }

    /// Writes values as a .npy file of float32; returns its path.
    func write(_ values: [Float], shape: [Int], to name: String) throws -> String {
        try write(values: values.flatMap { Self.bytes($0.bitPattern) }, "<f4", shape: shape, to: name)
    }

    /// Writes a .npy file of any element type; returns its path.
    func write(values: [UInt8], _ type: String, isFortran: Bool = false, shape: [Int], to name: String) throws
        -> String
    {
        let dimensions = shape.map { "\($0)," }.joined(separator: " ")
        let header =
            "{'descr': '\(type)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(dimensions)), }\n"
        let count = UInt16(header.utf8.count)
        return try write(
            [0x93] + Array("NUMPY".utf8) + [1, 0] + Self.bytes(count) + Array(header.utf8) + values, to: name)
    }

    /// An integer's bytes, lowest first.
    static func bytes<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
        (0..<Integer.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
