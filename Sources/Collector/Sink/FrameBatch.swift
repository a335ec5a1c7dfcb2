/// Frames on their way from the receive loop to the database, in order of arrival.
///
/// Everything lies in a few flat arrays that keep their capacity, so that a batch in steady use allocates nothing.
public struct FrameBatch: Sendable {
    /// One frame: where its series, bundle and values are in the batch.
    struct Entry: Sendable {
        var series: Int
        var bundle: Int
        var stamp: FrameStamp
        var valuesStart: Int
    }

    private(set) var series: [SeriesKey] = []
    private(set) var bundles: [String] = []
    private(set) var entries: [Entry] = []
    private(set) var values: [Float] = []
    private var seriesIndices: [SeriesKey: Int] = [:]
    private var bundleIndices: [String: Int] = [:]

    /// Creates an empty batch.
    public init() {}

    /// How many frames the batch has.
    public var count: Int { entries.count }

    /// About how many bytes the batch occupies.
    public var byteCount: Int {
        entries.count * MemoryLayout<Entry>.stride + values.count * MemoryLayout<Float>.stride
    }

    /// About how many bytes are allocated, those that are not used now included.
    var capacityBytes: Int {
        entries.capacity * MemoryLayout<Entry>.stride + values.capacity * MemoryLayout<Float>.stride
    }

    /// About how many bytes a frame takes in a batch.
    static func byteCount(dimension: Int) -> Int {
        MemoryLayout<Entry>.stride + dimension * MemoryLayout<Float>.stride
    }

    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - series: whose dimension must be the number of `values`; traps otherwise.
    ///   - bundle: the identity of the frame's bundle, in hexadecimal.
    public mutating func append(
        series key: SeriesKey, bundle: String, stamp: FrameStamp, values frame: Span<Float>
    ) {
        precondition(frame.count == key.dimension, "a frame has as many values as its series says")
        entries.append(
            Entry(
                series: Self.index(of: key, in: &series, by: &seriesIndices),
                bundle: Self.index(of: bundle, in: &bundles, by: &bundleIndices),
                stamp: stamp, valuesStart: values.count))
        for index in frame.indices {
            values.append(frame[index])
        }
    }

    /// Empties the batch and keeps its capacity.
    public mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        series.removeAll(keepingCapacity: true)
        bundles.removeAll(keepingCapacity: true)
        seriesIndices.removeAll(keepingCapacity: true)
        bundleIndices.removeAll(keepingCapacity: true)
    }

    private static func index<Key: Hashable>(
        of key: Key, in keys: inout [Key], by indices: inout [Key: Int]
    ) -> Int {
        if let last = keys.indices.last, keys[last] == key { return last }
        if let known = indices[key] { return known }
        keys.append(key)
        indices[key] = keys.count - 1
        return keys.count - 1
    }
}
