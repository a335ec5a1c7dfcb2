#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Gradient descent with moments and decoupled weight decay (Loshchilov and Hutter 2019).
struct AdamW: Sendable {
    private let rate: Float
    private let decay: Float
    private let kept: (first: Float, second: Float) = (0.9, 0.999)
    private var firstMoments: [Float]
    private var secondMoments: [Float]
    private var steps: Float = 0

    /// For `count` values.
    init(count: Int, rate: Float, decay: Float) {
        self.rate = rate
        self.decay = decay
        firstMoments = Array(repeating: 0, count: count)
        secondMoments = firstMoments
    }

    /// Moves values against their gradient.
    mutating func step(_ values: inout [Float], gradient: [Float]) {
        steps += 1
        let firstBias = 1 - powf(kept.first, steps)
        let secondBias = 1 - powf(kept.second, steps)
        for index in values.indices {
            let slope = gradient[index]
            firstMoments[index] = kept.first * firstMoments[index] + (1 - kept.first) * slope
            secondMoments[index] = kept.second * secondMoments[index] + (1 - kept.second) * slope * slope
            let size = (secondMoments[index] / secondBias).squareRoot() + 1e-8
            values[index] -= rate * (firstMoments[index] / firstBias / size + decay * values[index])
        }
    }
}
