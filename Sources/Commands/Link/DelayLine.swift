import DequeModule
import LinkSimulation
import NIOCore
import WireFormat

/// Datagrams on their way over one direction of a link: each is handed out when its time has come.
struct DelayLine<Destination> {
    /// A datagram with where it goes.
    typealias Item = (due: NIODeadline, payload: ByteBuffer, destination: Destination)

    /// The most datagrams on their way at once.
    static var maximumItems: Int { 16_384 }

    private var link: LinkModel
    private var items: Deque<Item> = []
    /// Datagrams beyond ``maximumItems``.
    private(set) var droppedItems: UInt64 = 0

    init(_ configuration: LinkModel.Configuration, seed: UInt64, now: NIODeadline) {
        link = LinkModel(configuration: configuration, origin: now.instant, seed: seed)
    }

    /// What the link did.
    var counters: LinkCounters { link.counters }

    /// When the next datagram is due.
    var nextDeadline: NIODeadline? { items.first?.due }

    /// Continues over another link; counters start anew, what is on its way stays.
    mutating func replaceLink(_ configuration: LinkModel.Configuration, seed: UInt64, now: NIODeadline) {
        link = LinkModel(configuration: configuration, origin: now.instant, seed: seed)
    }

    /// Offers a datagram to the link; `overhead` is its headers' size.
    mutating func send(_ payload: ByteBuffer, to destination: Destination, overhead: Int, now: NIODeadline) {
        guard items.count < Self.maximumItems else {
            droppedItems += 1
            return
        }
        let outcome = link.enqueue(bytes: payload.readableBytes + overhead, at: now.instant)
        guard case .delivered(let instant) = outcome else { return }
        // Datagrams from before a change of the link are not overtaken.
        let due = max(
            NIODeadline.uptimeNanoseconds(UInt64(max(instant.nanoseconds, 0))), items.last?.due ?? now)
        items.append((due, payload, destination))
    }

    /// The next datagram that is due; `nil` when none is.
    mutating func next(now: NIODeadline) -> Item? {
        guard let first = items.first, first.due <= now else { return nil }
        return items.removeFirst()
    }
}

extension NIODeadline {
    fileprivate var instant: MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(clamping: uptimeNanoseconds))
    }
}
