public import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Differentiable k-means (Cho et al. 2021) on what calibration statistics say about a base codebook, for a smaller
/// codebook without any frames.
///
/// Each step lets every point attend to the centroids by a softmax of −distance/τ and moves the centroids to the
/// attention-weighted means. Points are weighted by use. τ is a share of the mean distance between nearest base codewords,
/// annealed, so that the result does not depend on the data's scale.
public struct DKM: Sendable {
    /// Temperatures of the first step to try, in mean nearest-neighbour distances. The one that leaves the least
    /// distortion at the points is taken.
    public var firstTemperatures = [0.20, 0.10]

    /// Temperature of the last step, in mean nearest-neighbour distances.
    public var lastTemperature = 0.02

    /// Steps from the first temperature to the last.
    public var steps = 10

    /// A centroid with less than this share of the mean mass stays where it is.
    public var leastMass = 1e-4

    /// Uses the default temperatures.
    public init() {}

    /// Moves the codewords of `start` towards the least distortion of weighted points.
    ///
    /// The result is never worse than the start in distortion at the points.
    /// - Parameter scale: The distance that temperatures are shares of.
    /// - Complexity: O(temperatures × steps × points × start's size × dimension)
    public func adapt(_ points: WeightedCodebook, from start: Codebook, scale: Double) -> Codebook {
        precondition(points.codebook.dimension == start.dimension, "points have the dimension of codewords")
        guard scale > 0, points.weights.contains(where: { $0 > 0 }) else { return start }
        let assignment = SoftAssignment(points)
        var best = (codebook: start, distortion: assignment.distortion(at: start))
        for first in firstTemperatures {
            var centroids = start
            for step in 0..<steps {
                let progress = steps > 1 ? Double(step) / Double(steps - 1) : 1
                let temperature = scale * first * pow(lastTemperature / first, progress)
                centroids = assignment.moved(
                    centroids, temperature: max(Float(temperature), .leastNormalMagnitude),
                    leastMass: Float(leastMass))
            }
            let distortion = assignment.distortion(at: centroids)
            if distortion < best.distortion { best = (centroids, distortion) }
        }
        return best.codebook
    }
}
