/// The body of a close packet, one byte: why a session ends.
public enum CloseReason: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    /// A reason that this version does not know.
    case unspecified = 0
    /// The agent has sent everything and stops.
    case finished = 1
    /// The collector stops.
    case collectorStopping = 2
    /// The collector knows no session of this connection id, for it was restarted or had heard nothing for long.
    /// The header's connection id is the one that is not known (the collector's own, since it knows no other).
    case unknownConnection = 3
    /// The collector has as many sessions as it may have.
    case collectorFull = 4
    /// Another agent of the same gateway name is connected; the collector waits until that one is silent.
    case gatewayInUse = 5
    /// A newer session of the same gateway took this one's place.
    case replaced = 6

    /// Reads a close packet's body.
    public init(parsing body: RawSpan) throws(WireError) {
        var reader = ByteReader(body)
        self = CloseReason(rawValue: try reader.byte(body)) ?? .unspecified
        try reader.finish()
    }

    /// Appends the body. Traps without room for one byte.
    public func write(into output: inout OutputRawSpan) {
        output.append(rawValue)
    }

    /// Why, in plain words.
    public var description: String {
        switch self {
        case .unspecified: "closed for a reason unknown to this version"
        case .finished: "the agent has finished"
        case .collectorStopping: "the collector is stopping"
        case .unknownConnection: "the collector does not know this session"
        case .collectorFull: "the collector has as many sessions as it may have"
        case .gatewayInUse: "another agent with this gateway name is connected"
        case .replaced: "a newer session of this gateway took this one's place"
        }
    }
}
