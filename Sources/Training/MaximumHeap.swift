/// A queue of numbers by a key: the largest key comes out first, of equal keys the lowest number.
struct MaximumHeap: Sendable {
    private var entries: [(key: Double, number: Int)] = []

    /// Adds a number. Complexity: O(log count).
    mutating func insert(_ key: Double, _ number: Int) {
        entries.append((key, number))
        var child = entries.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the first number out; nil where there is none. Complexity: O(log count).
    mutating func removeFirst() -> Int? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.number }
        entries[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if precedes(child, best) { best = child }
            }
            if best == parent { return first.number }
            entries.swapAt(parent, best)
            parent = best
        }
    }

    private func precedes(_ first: Int, _ second: Int) -> Bool {
        entries[first].key > entries[second].key
            || (entries[first].key == entries[second].key && entries[first].number < entries[second].number)
    }
}
