internal import CVectorKernels
public import Quantization
import Synchronization

/// Moves the codewords of all stages together to the least weighted squared error of their sums, the codes as they are.
///
/// This is a linear least-squares problem, whose unknowns are the codewords. It is solved stage by stage, each to its
/// optimum given the others (a block Gauss-Seidel iteration): a codeword moves by the weighted mean of what the vectors
/// that use it have left. No pass raises the error; two come near the exact solution, whose equations have a matrix of
/// all codewords squared.
public struct JointRefit: Sendable {
    /// Vectors of one coding are worked on in so many parts. Fixed, so that sums do not depend on the threads.
    private static let parts = 16

    /// Passes over all stages.
    public var sweeps = 2

    /// A codeword as it is counts as so many vectors: rare codewords move less, unused ones stay.
    public var inertia = 1.0

    /// Threads.
    public var workers: Workers

    /// Uses the default options.
    public init(workers: Workers = .available) {
        self.workers = workers
    }

    /// One way in which the vectors are coded.
    public struct Coding: Sendable {
        /// The codes of each vector, one after the other.
        public var codes: [UInt16]
        /// Codes of a vector.
        public var stages: Int
        /// How much the error of this coding counts.
        public var weight: Double

        /// Describes a coding.
        public init(codes: [UInt16], stages: Int, weight: Double) {
            self.codes = codes
            self.stages = stages
            self.weight = weight
        }
    }

    /// The moved codebooks. Traps unless each coding has codes for all vectors, below the sizes of the codebooks.
    ///
    /// - Complexity: O(sweeps × codes of all codings × dimension); memory for the vectors once more for each coding.
    public func refit(_ codebooks: [Codebook], to vectors: [Float], codings: [Coding]) -> [Codebook] {
        guard let dimension = codebooks.first?.dimension else { return [] }
        for coding in codings {
            precondition(1...codebooks.count ~= coding.stages, "a coding uses some of the stages")
            precondition(
                coding.codes.count * dimension == vectors.count * coding.stages, "codes of each vector")
        }
        let parts = codings.map { split($0, codebooks: codebooks, vectors: vectors, dimension: dimension) }
        var moved = codebooks.map(\.codewords)
        for _ in 0..<sweeps {
            for (stage, codebook) in codebooks.enumerated() {
                let steps = steps(stage, size: codebook.size, dimension: dimension, codings, parts)
                for index in steps.indices { moved[stage][index] += steps[index] }
                for parts in parts {
                    _ = workers.map(parts.count) { parts[$0].subtract(steps, stage: stage) }
                }
            }
        }
        return zip(codebooks, moved).map { codebook, codewords in
            Codebook(codewords: codewords, size: codebook.size, dimension: dimension)
        }
    }

    private func split(
        _ coding: Coding, codebooks: [Codebook], vectors: [Float], dimension: Int
    ) -> [Part] {
        let count = vectors.count / dimension
        return workers.map(ranges: count, of: max(1, (count + Self.parts - 1) / Self.parts)) { range in
            let part = Part(
                codes: Array(
                    coding.codes[range.lowerBound * coding.stages..<range.upperBound * coding.stages]),
                stages: coding.stages, dimension: dimension,
                vectors: Array(vectors[range.lowerBound * dimension..<range.upperBound * dimension]))
            for stage in 0..<coding.stages { part.subtract(codebooks[stage].codewords, stage: stage) }
            return part
        }
    }

    /// How far each codeword of a stage moves, size × dimension values.
    private func steps(
        _ stage: Int, size: Int, dimension: Int, _ codings: [Coding], _ parts: [[Part]]
    ) -> [Float] {
        var weights: [Double] = Array(repeating: inertia, count: size)
        var sums: [Double] = Array(repeating: 0, count: size * dimension)
        for (coding, parts) in zip(codings, parts) where stage < coding.stages {
            for use in workers.map(parts.count, { parts[$0].use(stage: stage, size: size) }) {
                for index in weights.indices { weights[index] += coding.weight * Double(use.counts[index]) }
                for index in sums.indices { sums[index] += coding.weight * Double(use.sums[index]) }
            }
        }
        return sums.indices.map { Float(sums[$0] / max(weights[$0 / dimension], .leastNormalMagnitude)) }
    }
}

/// Some vectors of a coding, with what its codewords leave of them.
private final class Part: Sendable {
    private let codes: [UInt16]
    private let stages: Int
    private let dimension: Int
    private let left: Mutex<[Float]>

    init(codes: [UInt16], stages: Int, dimension: Int, vectors: [Float]) {
        self.codes = codes
        self.stages = stages
        self.dimension = dimension
        left = Mutex(vectors)
    }

    /// How the vectors use the codewords of a stage: how many, and the sum of what these have left.
    func use(stage: Int, size: Int) -> (counts: [Int], sums: [Float]) {
        var counts: [Int] = Array(repeating: 0, count: size)
        var sums: [Float] = Array(repeating: 0, count: size * dimension)
        left.withLock { left in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                unsafe left.withUnsafeBufferPointer { left in
                    guard let sum = sums.baseAddress, let vectors = left.baseAddress else { return }
                    for vector in 0..<codes.count / stages {
                        let code = Int(codes[vector * stages + stage])
                        counts[code] += 1
                        unsafe weir_add(vectors + vector * dimension, dimension, sum + code * dimension)
                    }
                }
            }
        }
        return (counts, sums)
    }

    /// Takes the step of each vector's codeword off what it has left.
    func subtract(_ steps: [Float], stage: Int) {
        guard stage < stages else { return }
        left.withLock { left in
            unsafe left.withUnsafeMutableBufferPointer { left in
                unsafe steps.withUnsafeBufferPointer { steps in
                    guard let vectors = left.baseAddress, let step = steps.baseAddress else { return }
                    for vector in 0..<codes.count / stages {
                        let code = Int(codes[vector * stages + stage])
                        precondition(code * dimension < steps.count, "a code is below its codebook's size")
                        let values = unsafe vectors + vector * dimension
                        _ = unsafe weir_subtract(values, step + code * dimension, dimension, values)
                    }
                }
            }
        }
    }
}
