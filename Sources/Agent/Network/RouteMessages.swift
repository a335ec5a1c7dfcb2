/// What the kernel says of its network, as far as an agent cares (rtnetlink(7)).
public enum RouteEvent: Sendable, Hashable {
    /// An interface is there, and packets can leave by it or not; false when it is gone.
    case link(index: UInt32, isUp: Bool)
    /// An address came or went.
    case address
    /// A route came, changed or went.
    case route
    /// The kernel had more to say than the socket could hold: anything may have changed.
    case overrun
}

/// Reads the messages of one datagram of an rtnetlink socket. Any bytes give events or are counted as malformed.
public struct RouteMessages {
    /// The events so far.
    public private(set) var events: [RouteEvent] = []
    /// Messages that are shorter than they must be, or than they say; the rest of their datagram is not read.
    public private(set) var malformed = 0

    /// A datagram with more messages is read up to here; what changed is looked up anyway.
    public static let maximumEvents = 256

    private static let headerBytes = 16
    private static let linkBytes = 16
    /// IFF_UP and IFF_LOWER_UP: switched on, and with a carrier.
    private static let up: UInt32 = 1 | 1 << 16

    /// Reads a datagram; numbers are in the machine's byte order.
    public init(parsing bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount, events.count < Self.maximumEvents {
            guard bytes.byteCount - offset >= Self.headerBytes else {
                malformed += 1
                return
            }
            let length = Int(bytes.load32(offset))
            guard length >= Self.headerBytes, length <= bytes.byteCount - offset else {
                malformed += 1
                return
            }
            read(bytes.extracting(offset..<offset + length))
            // Messages begin at multiples of four bytes.
            offset += (length + 3) & ~3
        }
    }

    private mutating func read(_ message: RawSpan) {
        switch message.load16(4) {
        case 4: events.append(.overrun)
        case 16, 17:
            guard message.byteCount >= Self.headerBytes + Self.linkBytes else {
                malformed += 1
                return
            }
            let isThere = message.load16(4) == 16
            let flags = message.load32(Self.headerBytes + 8)
            events.append(
                .link(
                    index: message.load32(Self.headerBytes + 4), isUp: isThere && flags & Self.up == Self.up))
        case 20, 21: events.append(.address)
        case 24, 25: events.append(.route)
        default: break
        }
    }
}

extension RawSpan {
    /// A number of the machine's byte order; traps outside of the bytes.
    fileprivate func load32(_ offset: Int) -> UInt32 {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }

    /// A number of the machine's byte order; traps outside of the bytes.
    fileprivate func load16(_ offset: Int) -> UInt16 {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
    }
}
