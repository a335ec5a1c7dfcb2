import Glibc
import Testing
import WireFormat
import TestSupport

/// The bytes that something writes.
func written(capacity: Int = PacketLimits.maximumDatagram, _ body: (inout OutputRawSpan) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: capacity)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        var output = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
        body(&output)
        return unsafe output.finalize(for: buffer)
    }
    return Array(bytes[..<count])
}

/// Calls `body` with an array's bytes.
func withBytes<Result, Failure: Error>(
    _ bytes: [UInt8], _ body: (RawSpan) throws(Failure) -> Result
) throws(Failure) -> Result {
    try body(unsafe bytes.span.bytes)
}

extension SeededGenerator {
    /// Bytes of a random length up to `maximum`.
    mutating func bytes(upTo maximum: Int) -> [UInt8] {
        (0..<Int.random(in: 0...maximum, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// A number of a random magnitude.
    mutating func anyMagnitude(below limit: UInt64) -> UInt64 {
        (next() >> UInt64.random(in: 0..<64, using: &self)) % limit
    }
}

/// The golden bytes of Vectors/packets.txt by name.
struct Vectors {
    private let bytesByName: [String: [UInt8]]

    init() throws {
        let path = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
        let file = unsafe try #require(fopen("/\(path)/Vectors/packets.txt", "r"))
        defer { unsafe fclose(file) }
        var text: [UInt8] = []
        while case let byte = unsafe fgetc(file), byte != EOF { text.append(UInt8(byte)) }
        var bytesByName: [String: [UInt8]] = [:]
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: " ")
            let digits = Array(fields.dropFirst().joined())
            bytesByName[String(fields[0])] = try stride(from: 0, to: digits.count, by: 2).map {
                try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
            }
        }
        self.bytesByName = bytesByName
    }

    subscript(name: String) -> [UInt8] {
        get throws { try #require(bytesByName[name], "no vector \(name)") }
    }

    /// All whole packets' and bodies' bytes.
    var all: [[UInt8]] { bytesByName.keys.sorted().compactMap { bytesByName[$0] } }
}
