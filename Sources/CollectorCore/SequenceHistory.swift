internal import WireFormat

/// Tells which frame number is meant by its low eight bits.
///
/// The agent uses them only for frames never sent before, less than 100 above one that the collector has
/// acknowledged. So in a packet that comes in order the number is within 100 above the highest known. For a
/// packet that was overtaken, "highest known" must be as of its place in the order: points of the past are kept,
/// each with its packet, 64 frames or more apart. Between two of them lie at most 64 frames and one block, so
/// what may be meant spans less than 256 numbers from the older point on. What is older than every point cannot
/// be told, and is not guessed.
struct SequenceHistory: Sendable {
    private struct Point {
        var packet: UInt32
        var sequence: UInt64
    }

    private static let pointDistance: UInt64 = 64
    private static let pointCount = 16

    private var highest: Point?
    private var points = InlineArray<16, Point>(repeating: Point(packet: 0, sequence: 0))
    private var pointsAdded = 0

    /// The number with these low bits in a packet; nil where they do not tell.
    func resolve(low: UInt8, inPacket packet: UInt32) -> UInt64? {
        guard let highest else { return nil }
        if packet >= highest.packet {
            let top = highest.sequence + PacketLimits.lowSequenceReach
            let below = (top &- UInt64(low)) & 0xFF
            return below <= top ? top - below : nil
        }
        for age in 1...Self.pointCount where age <= pointsAdded {
            let point = points[(pointsAdded - age) % Self.pointCount]
            guard point.packet <= packet else { continue }
            return point.sequence + (UInt64(low) &- point.sequence) & 0xFF
        }
        return nil
    }

    /// Learns that a packet had a frame of this number.
    mutating func note(_ sequence: UInt64, inPacket packet: UInt32) {
        if let highest, sequence <= highest.sequence { return }
        highest = Point(packet: packet, sequence: sequence)
        let last = pointsAdded == 0 ? nil : points[(pointsAdded - 1) % Self.pointCount]
        if let last, sequence - last.sequence < Self.pointDistance { return }
        points[pointsAdded % Self.pointCount] = Point(packet: packet, sequence: sequence)
        pointsAdded += 1
    }
}
