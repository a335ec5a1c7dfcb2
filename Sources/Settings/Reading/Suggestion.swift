/// The word that was most likely meant by `word`: at most a third of its letters mistyped, at least one.
func closest(to word: String, among candidates: [String]) -> String? {
    // Longer words are no typing errors, and the distance costs the product of the lengths.
    guard word.count <= 64 else { return nil }
    let limit = max(1, word.count / 3)
    return candidates.map { ($0, editDistance(Array(word), Array($0))) }
        .filter { $0.1 <= limit }
        .min { $0.1 < $1.1 }?.0
}

/// The least number of insertions, deletions, replacements and swaps of neighbours that make one word of
/// the other (optimal string alignment). O(product of the lengths).
func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var rows = [Array(0...second.count)]
    for row in 1..<(first.count + 1) {
        var current = [row]
        for column in 1..<(second.count + 1) {
            let replaced = rows[row - 1][column - 1] + (first[row - 1] == second[column - 1] ? 0 : 1)
            var best = min(replaced, rows[row - 1][column] + 1, current[column - 1] + 1)
            if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1]
            {
                best = min(best, rows[row - 2][column - 2] + 1)
            }
            current.append(best)
        }
        rows.append(current)
    }
    return rows[first.count][second.count]
}
