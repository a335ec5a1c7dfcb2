import WireFormat

/// A recorded link in mahimahi's format: the times at which it could carry a packet.
///
/// Each line of the file is a time in milliseconds and stands for one opportunity of 1,504 bytes; several small
/// packets share an opportunity and a packet may span two. An opportunity that finds no packet is lost. After its
/// last line the trace begins anew. Scaling changes the bytes of an opportunity, not its time.
public struct LinkTrace: Sendable, Hashable {
    /// The bytes of an unscaled opportunity.
    public static let standardOpportunity = 1_504
    /// The largest number of opportunities.
    public static let maximumOpportunities = 20_000_000

    /// The bytes of one opportunity after scaling.
    public let opportunityBytes: Int
    /// The times in nanoseconds, rising, repeated for several opportunities at once. The last is the period.
    private let times: [Int64]

    /// Reads the text of a trace file.
    ///
    /// - Parameter scale: the factor for the bytes of an opportunity, from 10⁻³ to 10³.
    /// - Throws: an error that names the line.
    public init(parsing bytes: [UInt8], scale: Double = 1) throws(LinkDescriptionError) {
        guard scale >= 1e-3, scale <= 1e3 else {
            throw LinkDescriptionError("the scale \(scale) is not in 0.001...1000")
        }
        var times: [Int64] = []
        var line = 0
        for content in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            let digits = content.last == UInt8(ascii: "\r") ? content.dropLast() : content
            if digits.isEmpty { continue }
            guard digits.count <= 10, digits.allSatisfy({ (48...57).contains($0) }) else {
                throw LinkDescriptionError(
                    "line \(line): not a time in whole milliseconds of at most 10 digits")
            }
            let milliseconds = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) }
            if let last = times.last, milliseconds * 1_000_000 < last {
                throw LinkDescriptionError(
                    "line \(line): \(milliseconds) ms is before the \(last / 1_000_000) ms of the line above")
            }
            guard times.count < Self.maximumOpportunities else {
                throw LinkDescriptionError(
                    "line \(line): more than \(Self.maximumOpportunities) opportunities")
            }
            times.append(milliseconds * 1_000_000)
        }
        guard let period = times.last, period > 0 else {
            throw LinkDescriptionError("a trace has at least one line with a time after 0 ms")
        }
        self.times = times
        self.opportunityBytes = max(1, Int((Double(Self.standardOpportunity) * scale).rounded()))
    }

    /// The time after which the trace begins anew.
    public var period: Duration { .nanoseconds(periodNanoseconds) }

    /// The mean rate over the whole trace.
    public var meanBitsPerSecond: Double {
        Double(times.count) * Double(opportunityBytes) * 8e9 / Double(periodNanoseconds)
    }

    /// The bits that the opportunities from `start` up to, but not at, `end` carry.
    ///
    /// - Complexity: O(log opportunities)
    public func bits(from start: Duration, to end: Duration) -> Double {
        let count =
            opportunities(before: end.wholeNanoseconds) - opportunities(before: start.wholeNanoseconds)
        return Double(max(count, 0)) * Double(opportunityBytes) * 8
    }

    private var periodNanoseconds: Int64 { times[times.count - 1] }

    /// The number of opportunities before a time.
    private func opportunities(before time: Int64) -> Int {
        guard time > 0 else { return 0 }
        let place = firstPlace(at: time)
        return place.round * times.count + place.index
    }

    // MARK: - Places

    /// One opportunity: which one in which round through the trace.
    struct Place: Sendable, Hashable {
        /// The rounds completed before.
        var round = 0
        /// The line, from zero.
        var index = 0
    }

    /// The first opportunity that is not before `time`.
    func firstPlace(at time: Int64) -> Place {
        guard time > 0 else { return Place() }
        // The end of a round and the start of the next are the same instant; opportunities at the end come first.
        let round = (time - 1) / periodNanoseconds
        let within = time - round * periodNanoseconds
        return Place(round: Int(round), index: times.partitionIndex { $0 >= within })
    }

    /// The opportunity after `place`.
    func place(after place: Place) -> Place {
        place.index + 1 < times.count
            ? Place(round: place.round, index: place.index + 1) : Place(round: place.round + 1, index: 0)
    }

    /// The time of an opportunity in nanoseconds since the link's start.
    func time(of place: Place) -> Int64 {
        Int64(place.round) * periodNanoseconds + times[place.index]
    }
}
