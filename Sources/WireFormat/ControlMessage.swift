/// The body of a control packet.
public enum ControlMessage: Sendable, Hashable {
    /// Agent to collector: who, and which streams.
    case hello(Hello)
    /// Collector to agent: the verdicts.
    case accept(Accept)
    /// Agent to collector: nothing to say; keeps address translators on the way open. A report answers it.
    case keepAlive

    /// The first byte of the body.
    enum Number {
        static let hello: UInt8 = 1
        static let accept: UInt8 = 2
        static let keepAlive: UInt8 = 3
    }

    /// Reads a control packet's body.
    public init(parsing body: RawSpan) throws(WireError) {
        var reader = ByteReader(body)
        switch try reader.byte(body) {
        case Number.hello: self = .hello(try Hello(parsing: body, &reader))
        case Number.accept: self = .accept(try Accept(parsing: body, &reader))
        case Number.keepAlive:
            try reader.finish()
            self = .keepAlive
        default: throw WireError(.unknownMessage, at: 0)
        }
    }

    /// Appends a keep-alive's body, one byte. Hello and accept write themselves, in as many packets as needed.
    public static func writeKeepAlive(into output: inout OutputRawSpan) {
        output.append(Number.keepAlive)
    }
}
