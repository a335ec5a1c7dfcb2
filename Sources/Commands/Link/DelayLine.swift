import LinkSimulation
import NIOCore
import WireFormat

/// Datagrams on their way over one direction of a link: each is handed out when its time has come.
struct DelayLine<Destination> {
    /// A datagram with where it goes.
    typealias Item = (payload: ByteBuffer, destination: Destination)

    /// The most datagrams on their way at once.
    static var maximumItems: Int { 16_384 }

    private var link: LinkModel
    private var items = TransitQueue<Item>()
    /// Datagrams from before a change of the link are not overtaken: no later one is due before this.
    private var earliestDue = MonotonicInstant(nanoseconds: 0)
    private var latestDue = MonotonicInstant(nanoseconds: 0)
    /// Datagrams beyond ``maximumItems``.
    private(set) var droppedItems: UInt64 = 0

    init(_ configuration: LinkModel.Configuration, seed: UInt64, now: NIODeadline) {
        link = LinkModel(configuration: configuration, origin: now.instant, seed: seed)
    }

    /// What the link did.
    var counters: LinkCounters { link.counters }

    /// When the next datagram is due.
    var nextDeadline: NIODeadline? {
        items.nextDue.map { NIODeadline.uptimeNanoseconds(UInt64(max($0.nanoseconds, 0))) }
    }

    /// Continues over another link; counters start anew, what is on its way stays.
    mutating func replaceLink(_ configuration: LinkModel.Configuration, seed: UInt64, now: NIODeadline) {
        link = LinkModel(configuration: configuration, origin: now.instant, seed: seed)
        earliestDue = latestDue
    }

    /// Offers a datagram to the link; `overhead` is its headers' size.
    mutating func send(_ payload: ByteBuffer, to destination: Destination, overhead: Int, now: NIODeadline) {
        guard items.count < Self.maximumItems else {
            droppedItems += 1
            return
        }
        let outcome = link.enqueue(bytes: payload.readableBytes + overhead, at: now.instant)
        guard case .delivered(let instant) = outcome else { return }
        let due = max(instant, earliestDue)
        latestDue = max(latestDue, due)
        items.insert((payload, destination), due: due)
    }

    /// The next datagram that is due; `nil` when none is.
    mutating func next(now: NIODeadline) -> Item? { items.popDue(now.instant) }
}

extension NIODeadline {
    fileprivate var instant: MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(clamping: uptimeNanoseconds))
    }
}
