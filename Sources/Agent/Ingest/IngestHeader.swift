import FoundationEssentials

/// A producer's first line: which stream it feeds, with frames of which dimension.
public struct IngestHeader: Sendable, Hashable, Codable {
    /// The stream's name.
    public var stream: String
    /// How many values a frame has.
    public var dimension: Int

    /// Creates a header.
    public init(stream: String, dimension: Int) {
        self.stream = stream
        self.dimension = dimension
    }

    /// Parses a line without its newline; nil if it is no JSON object with both keys.
    init?(line: [UInt8]) {
        guard let header = try? JSONDecoder().decode(Self.self, from: Data(line)) else { return nil }
        self = header
    }
}
