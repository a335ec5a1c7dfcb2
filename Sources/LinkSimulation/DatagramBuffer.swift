import WireFormat

/// Room for one datagram that a core writes.
struct DatagramBuffer: ~Copyable {
    private var bytes = [UInt8](repeating: 0, count: PacketLimits.maximumDatagram)

    /// Lets `body` write a datagram; returns what it wrote with what it returned.
    mutating func write<Result>(_ body: (inout OutputRawSpan) -> Result) -> (Result, [UInt8]) {
        var count = 0
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            // The span does not leave this closure, in which the buffer is valid.
            var output = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            let result = body(&output)
            count = unsafe output.finalize(for: buffer)
            return result
        }
        return (result, count == 0 ? [] : Array(bytes[..<count]))
    }
}
