/// Why the collector threw something away. The raw value is the reason's name in metrics.
public enum CollectorDrop: String, Sendable, CaseIterable {
    // Datagrams.

    /// A packet for a connection id that no session has.
    case unknownConnection = "unknown_connection"
    /// A packet that came before.
    case duplicatePacket = "duplicate_packet"
    /// A packet more than 1,024 older than its session's newest.
    case stalePacket = "stale_packet"
    /// A message that only a collector sends.
    case wrongDirection = "wrong_direction"
    /// A packet other than a hello in a session that has none yet.
    case beforeHello = "before_hello"
    /// A first hello from another address than its handshake.
    case otherAddress = "other_address"
    /// A hello of another run, gateway or number of streams than its session's.
    case otherRun = "other_run"
    /// A hello while another run of the gateway is alive.
    case gatewayInUse = "gateway_in_use"
    /// A hello while there are as many sessions as may be.
    case collectorFull = "collector_full"

    // Blocks.

    /// A block of a stream that was not announced.
    case unknownStream = "unknown_stream"
    /// A block of a refused stream.
    case refusedStream = "refused_stream"
    /// A block coded with a bundle that the session has no such number for, or of another dimension.
    case unknownBundle = "unknown_bundle"
    /// A block with more frames than blocks of its dimension may have.
    case tooManyFrames = "too_many_frames"
    /// A block with only the low bits of its sequence where they do not tell which is meant.
    case unknownSequence = "unknown_sequence"
    /// A block that its bundle cannot decode: rung, tokens or length are impossible.
    case undecodable
    /// A part of a large frame that does not fit to its other parts.
    case mismatchedPart = "mismatched_part"

    // Frames.

    /// A frame, or a part of one, that came before.
    case duplicateFrame = "duplicate_frame"
    /// A frame more than 1,024 older than its stream's newest.
    case lateFrame = "late_frame"
    /// A large frame given up with parts missing.
    case partialFrame = "partial_frame"

    // What is kept, or was to be sent.

    /// A handshake that ended without a hello.
    case handshake
    /// An answer that there was no room to queue for, or that was too much for an address not proved.
    case reply
}
