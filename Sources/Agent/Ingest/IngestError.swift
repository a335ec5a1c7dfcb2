import FoundationEssentials

/// Why a producer's connection is refused or closed.
public enum IngestError: Error, Sendable, Hashable {
    /// The first line is longer than allowed.
    case headerTooLong
    /// The first line is not what it must be.
    case malformedHeader
    /// The first line did not come in time.
    case headerTimeout
    /// The agent has no such stream.
    case unknownStream(String)
    /// The stream's frames have another dimension.
    case wrongDimension(stream: String, expected: Int, found: Int)
    /// Another connection feeds the stream.
    case secondProducer(stream: String)
    /// A record does not have the size that the dimension asks for.
    case wrongByteCount(expected: Int, found: UInt32)
    /// A value is NaN or infinite.
    case nonFiniteValue(index: Int)
    /// The producer went away in the middle of a record or of the first line.
    case cutOff(bytes: Int)
    /// There are as many connections as allowed.
    case tooManyConnections(limit: Int)
    /// The agent stops.
    case stopping
}

extension IngestError {
    /// A name for counters.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case headerTooLong = "header_too_long"
        case malformedHeader = "malformed_header"
        case headerTimeout = "header_timeout"
        case unknownStream = "unknown_stream"
        case wrongDimension = "wrong_dimension"
        case secondProducer = "second_producer"
        case wrongByteCount = "wrong_byte_count"
        case nonFiniteValue = "non_finite_value"
        case cutOff = "cut_off"
        case tooManyConnections = "too_many_connections"
        case stopping
    }

    /// The error's kind.
    public var reason: Reason {
        switch self {
        case .headerTooLong: .headerTooLong
        case .malformedHeader: .malformedHeader
        case .headerTimeout: .headerTimeout
        case .unknownStream: .unknownStream
        case .wrongDimension: .wrongDimension
        case .secondProducer: .secondProducer
        case .wrongByteCount: .wrongByteCount
        case .nonFiniteValue: .nonFiniteValue
        case .cutOff: .cutOff
        case .tooManyConnections: .tooManyConnections
        case .stopping: .stopping
        }
    }
}

extension IngestError: CustomStringConvertible {
    /// One line for the producer: what is wrong and what is allowed.
    public var description: String {
        switch self {
        case .headerTooLong:
            "the first line is longer than \(IngestParser.maximumHeaderBytes) bytes"
        case .malformedHeader:
            #"the first line must be a JSON object like {"stream":"press-7","dimension":192}"#
        case .headerTimeout:
            "the first line did not come in time"
        case .unknownStream(let name):
            "no stream \"\(String(name.prefix(80)))\" is configured"
        case .wrongDimension(let stream, let expected, let found):
            "stream \"\(stream)\" has dimension \(expected), not \(found)"
        case .secondProducer(let stream):
            "stream \"\(stream)\" has a producer already"
        case .wrongByteCount(let expected, let found):
            "a record has \(found) bytes; with this dimension it must have \(expected)"
        case .nonFiniteValue(let index):
            "value \(index) of a frame is not finite"
        case .cutOff(let bytes):
            "the connection ended \(bytes) bytes into a record"
        case .tooManyConnections(let limit):
            "there are \(limit) connections already, the most allowed"
        case .stopping:
            "the agent stops"
        }
    }

    /// The line that is sent before the connection is closed, without its end.
    var jsonLine: String {
        guard let line = try? JSONEncoder().encode(["error": description]) else {
            preconditionFailure("text can always be encoded")
        }
        return String(decoding: line, as: UTF8.self)
    }
}
