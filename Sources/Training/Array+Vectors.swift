/// Vectors one after the other.
extension [Float] {
    /// `limit` of the vectors, evenly spread and in order, or all where there are no more.
    func evenlySpread(atMost limit: Int, dimension: Int) -> [Float] {
        let vectors = count / dimension
        guard vectors > limit else { return self }
        return KMeans.evenlySpread(limit, of: vectors).flatMap {
            self[$0 * dimension..<($0 + 1) * dimension]
        }
    }
}
