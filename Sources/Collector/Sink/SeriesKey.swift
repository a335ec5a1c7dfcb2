/// One stream of one run of a gateway: what the frames of a row of `series` have in common.
public struct SeriesKey: Sendable, Hashable {
    /// The gateway's name.
    public var gateway: String
    /// The agent's run: 64 random bits.
    public var run: UInt64
    /// The stream's name.
    public var stream: String
    /// How many values a frame has.
    public var dimension: Int

    /// Creates a key.
    public init(gateway: String, run: UInt64, stream: String, dimension: Int) {
        self.gateway = gateway
        self.run = run
        self.stream = stream
        self.dimension = dimension
    }

    /// The run as it stands in the database: 16 hexadecimal digits.
    var runText: String {
        let digits = String(run, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
