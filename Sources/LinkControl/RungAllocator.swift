import Quantization

/// Picks the rungs of several streams so that the sum of weight · mse over their frames is least within a budget.
///
/// Each stream starts at its cheapest allowed rung; then the steps along the lower convex hulls of
/// (bits, mse) are taken by falling gain for each bit, over all streams, as far as they fit. So the streams end
/// at about equal slope, and the sum is above the best one by less than the gain of one step.
/// The order of the steps does not depend on how many frames a stream has, so it is sorted once.
public struct RungAllocator: Sendable {
    /// One step from a hull point to the next.
    private struct Step: Sendable {
        var stream: Int
        var to: Int
        var bitsPerFrame: Double
        /// weight · mse saved for each bit.
        var gain: Double
        /// Position on the stream's hull, from 1.
        var position: Int
    }

    /// The cheapest allowed rung of each stream; nil where every rung is above the stream's maximum distortion.
    private let floors: [Int?]
    private let floorBits: [Double]
    private let steps: [Step]
    private var frames: [Int]
    private var chosen: [Int]
    private var isStopped: [Bool]

    /// Makes an allocator for these streams.
    /// - Complexity: O(rungs²) for each stream; later calls allocate no memory.
    public init(streams: [AllocatorStream]) {
        var floors: [Int?] = []
        var floorBits: [Double] = []
        var steps: [Step] = []
        for (index, stream) in streams.enumerated() {
            let hull = Self.hull(of: stream)
            floors.append(hull.first)
            floorBits.append(hull.first.map { stream.ladder.rungs[$0].codedBitsPerFrame } ?? 0)
            for (position, (from, to)) in zip(hull, hull.dropFirst()).enumerated() {
                let (a, b) = (stream.ladder.rungs[from], stream.ladder.rungs[to])
                let bits = b.codedBitsPerFrame - a.codedBitsPerFrame
                steps.append(
                    Step(
                        stream: index, to: to, bitsPerFrame: bits,
                        gain: stream.weight * (a.mse - b.mse) / bits, position: position + 1))
            }
        }
        // Ties keep a stream's own order, and else go to the lower stream, so that the result is deterministic.
        steps.sort { left, right in
            if left.gain != right.gain { return left.gain > right.gain }
            return (left.stream, left.position) < (right.stream, right.position)
        }
        self.floors = floors
        self.floorBits = floorBits
        self.steps = steps
        frames = Array(repeating: 0, count: streams.count)
        chosen = floors.map { $0 ?? 0 }
        isStopped = Array(repeating: false, count: streams.count)
    }

    /// The cheapest allowed rung of a stream; nil when every rung is above its maximum distortion.
    public func floor(of stream: Int) -> Int? { floors[stream] }

    /// Expected payload bytes of `frames` frames of a stream at its cheapest allowed rung.
    public func floorBytes(of stream: Int, frames: Int) -> Double {
        floorBits[stream] * Double(frames) / 8
    }

    /// Sets how many frames of a stream are to be sent; 0 for a stream without an allowed rung.
    public mutating func setFrames(_ count: Int, of stream: Int) {
        precondition(count >= 0, "a count of frames is not negative")
        precondition(count == 0 || floors[stream] != nil, "the stream has an allowed rung")
        frames[stream] = count
    }

    /// Picks the rungs for the frames set.
    ///
    /// - Parameter budget: bytes for all payloads, headers excluded.
    /// - Returns: whether at least the cheapest allowed rungs fit; they are picked where not.
    /// - Complexity: O(streams + rungs of all streams).
    public mutating func allocate(budget: Double) -> Bool {
        var left = budget
        for stream in frames.indices {
            chosen[stream] = floors[stream] ?? 0
            isStopped[stream] = frames[stream] == 0
            left -= floorBytes(of: stream, frames: frames[stream])
        }
        guard left >= 0 else { return false }
        for step in steps where !isStopped[step.stream] {
            let bytes = step.bitsPerFrame * Double(frames[step.stream]) / 8
            guard bytes <= left else {
                isStopped[step.stream] = true
                continue
            }
            left -= bytes
            chosen[step.stream] = step.to
        }
        return true
    }

    /// The rung picked for a stream by the last `allocate`.
    public func rung(of stream: Int) -> Int { chosen[stream] }

    /// The allowed rungs on the lower convex hull of (bits, mse), cheapest first.
    private static func hull(of stream: AllocatorStream) -> [Int] {
        let rungs = stream.ladder.rungs
        let limit = stream.maximumDistortion ?? .infinity
        guard var last = stream.rungs.first(where: { rungs[$0].mse <= limit }) else { return [] }
        // Of rungs with equal bits the one with the least mse is the floor.
        for rung in stream.rungs where rungs[rung].codedBitsPerFrame == rungs[last].codedBitsPerFrame {
            if rungs[rung].mse < rungs[last].mse { last = rung }
        }
        var hull = [last]
        while true {
            var next: (rung: Int, slope: Double)?
            for rung in stream.rungs where rung > last {
                let bits = rungs[rung].codedBitsPerFrame - rungs[last].codedBitsPerFrame
                let saved = rungs[last].mse - rungs[rung].mse
                guard bits > 0, saved > 0 else { continue }
                if saved / bits >= next?.slope ?? 0 { next = (rung, saved / bits) }
            }
            guard let next else { return hull }
            hull.append(next.rung)
            last = next.rung
        }
    }
}
