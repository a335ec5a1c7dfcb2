/// Why a collector refuses a stream.
public enum RefusalReason: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    /// A reason that this version does not know.
    case unspecified = 0
    /// The collector has no bundle of this identity.
    case unknownBundle = 1
    /// The bundle's dimension is not the stream's.
    case dimensionMismatch = 2
    /// The run has more streams than the collector allows.
    case tooManyStreams = 3
    /// The name is not one that streams may have.
    case invalidName = 4
    /// Another stream of the run has the name.
    case duplicateName = 5

    /// A word for logs and metrics.
    public var description: String {
        switch self {
        case .unspecified: "unspecified"
        case .unknownBundle: "unknown_bundle"
        case .dimensionMismatch: "dimension_mismatch"
        case .tooManyStreams: "too_many_streams"
        case .invalidName: "invalid_name"
        case .duplicateName: "duplicate_name"
        }
    }
}

/// What a collector decided on a stream.
public enum StreamVerdict: Sendable, Hashable {
    /// Its frames are taken.
    ///
    /// - Parameters:
    ///   - stream: The session's number of the stream, for block headers.
    ///   - bundle: The session's number of its bundle.
    case accepted(stream: UInt16, bundle: UInt16)

    /// Its frames are not taken. The text says why to a person, in at most 100 bytes.
    case refused(RefusalReason, text: String)
}
