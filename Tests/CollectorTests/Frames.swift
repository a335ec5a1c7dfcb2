import Collector
import GRDB

let bundle = String(repeating: "ab", count: 32)

func key(
    _ gateway: String = "gw-1", run: UInt64 = 0xdead_beef, _ stream: String = "press-7", dimension: Int = 3
)
    -> SeriesKey
{
    SeriesKey(gateway: gateway, run: run, stream: stream, dimension: dimension)
}

/// A stamp whose times follow from the sequence: one frame a second.
func stamp(_ sequence: UInt64, arrival: Int64? = nil) -> FrameStamp {
    let time = Int64(sequence) * 1_000_000_000
    return FrameStamp(
        sequence: sequence, agentNanoseconds: time, arrivalNanoseconds: arrival ?? time + 5_000_000,
        clockSynced: sequence % 2 == 0, rung: Int(sequence % 7))
}

/// Values that follow from the sequence, with bit patterns that only an exact copy keeps.
func values(_ sequence: UInt64, dimension: Int = 3) -> [Float] {
    (0..<dimension).map { Float(sequence) * 0.1 + Float($0) * .pi }
}

func batch(_ key: SeriesKey, _ sequences: some Sequence<UInt64>) -> FrameBatch {
    var batch = FrameBatch()
    for sequence in sequences {
        let frame = values(sequence, dimension: key.dimension)
        batch.append(series: key, bundle: bundle, stamp: stamp(sequence), values: frame.span)
    }
    return batch
}

/// Counts the stored frames through a connection of its own.
func storedCount(_ path: String) throws -> Int {
    try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM frames") ?? 0 }
}

func littleEndianBytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
}
