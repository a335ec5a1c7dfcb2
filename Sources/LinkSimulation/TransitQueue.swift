public import WireFormat

import DequeModule

/// What is on its way, by when it arrives; what was sent first comes first at the same time.
///
/// Its size is bounded by what the link's queue and delay hold.
public struct TransitQueue<Item> {
    private var items: Deque<(due: MonotonicInstant, item: Item)> = []

    /// An empty queue.
    public init() {}

    /// How many are on their way.
    public var count: Int { items.count }

    /// When the next one arrives.
    public var nextDue: MonotonicInstant? { items.first?.due }

    /// Adds an item.
    ///
    /// - Complexity: O(items that it overtakes)
    public mutating func insert(_ item: Item, due: MonotonicInstant) {
        var place = items.count
        while place > 0, items[place - 1].due > due { place -= 1 }
        items.insert((due, item), at: place)
    }

    /// Takes the next item out if it has arrived.
    public mutating func popDue(_ now: MonotonicInstant) -> Item? {
        guard let first = items.first, first.due <= now else { return nil }
        return items.removeFirst().item
    }
}
