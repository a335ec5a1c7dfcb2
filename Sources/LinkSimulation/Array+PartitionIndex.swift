extension Array {
    /// The first index whose element fulfils `predicate`, in an array of which some tail does and the rest does not.
    ///
    /// - Complexity: O(log n)
    func partitionIndex(_ predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
