public import Quantization

extension StageStatistics {
    /// Codewords whose statistics are one task.
    private static let codewordsPerTask = 8

    /// Statistics of vectors that were quantized to a codebook, one code for each vector.
    ///
    /// Traps on another number of codes, and on codes that the codebook does not have.
    ///
    /// - Complexity: O(vectors × dimension)
    public init(of vectors: [Float], codes: [UInt16], codebook: Codebook, workers: Workers) {
        let dimension = codebook.dimension
        precondition(vectors.count == codes.count * dimension, "a code for each vector")
        let members = Self.grouped(codes, size: codebook.size)
        let tasks = workers.map(ranges: codebook.size, of: Self.codewordsPerTask) { range in
            range.map { Cell(members[$0], of: vectors, codeword: codebook[$0]) }
        }
        let cells = tasks.joined()
        self.init(
            counts: members.map { UInt64($0.count) }, means: cells.flatMap(\.mean),
            spread: cells.flatMap(\.spread))
    }

    /// The vectors of each codeword, in ascending order.
    private static func grouped(_ codes: [UInt16], size: Int) -> [[Int]] {
        var counts = Array(repeating: 0, count: size)
        for code in codes { counts[Int(code)] += 1 }
        var members: [[Int]] = counts.map { count in
            var list: [Int] = []
            list.reserveCapacity(count)
            return list
        }
        for (vector, code) in codes.enumerated() { members[Int(code)].append(vector) }
        return members
    }

    private struct Cell: Sendable {
        /// Members whose axes are sought; more change them little.
        private static let mostMembers = 512

        var mean: [Float]
        var spread: [Float]

        init(_ members: [Int], of vectors: [Float], codeword: ArraySlice<Float>) {
            let dimension = codeword.count
            mean = Array(codeword)
            if !members.isEmpty {
                var sums: [Double] = Array(repeating: 0, count: dimension)
                for member in members {
                    for index in 0..<dimension { sums[index] += Double(vectors[member * dimension + index]) }
                }
                mean = sums.map { Float($0 / Double(members.count)) }
            }
            let kept = KMeans.evenlySpread(min(members.count, Self.mostMembers), of: members.count)
            var deviations: [Float] = []
            deviations.reserveCapacity(kept.count * dimension)
            for position in kept {
                let first = members[position] * dimension
                for index in 0..<dimension { deviations.append(vectors[first + index] - mean[index]) }
            }
            spread = PrincipalAxes.find(
                StageStatistics.axisCount(dimension: dimension), of: deviations, dimension: dimension)
        }
    }
}
