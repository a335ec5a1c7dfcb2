/// Whether delays grow: groups of packets, a trend line through their accumulated delay, and an adaptive threshold.
///
/// Source: libwebrtc's inter-arrival and trend line estimators; draft-ietf-rmcat-gcc-02 §5.3 to 5.5.
struct DelayTrend: Sendable {
    /// What the trend says of the link.
    enum Usage: Sendable {
        case normal, overuse, underuse
    }

    /// Packets sent close to one another.
    private struct Group: Sendable {
        var firstSent: Int64
        var lastSent: Int64
        var firstArrival: Int64
        var lastArrival: Int64
    }

    private struct Point: Sendable {
        /// ms.
        var arrival: Double
        var delay: Double
    }

    private var current: Group?
    private var previous: Group?
    private var firstArrival: Int64?
    private var accumulated = 0.0
    private var smoothed = 0.0
    private var points: [Point] = []
    private var groups = 0.0
    private var threshold = GradientConstants.initialThreshold
    private var lastUpdate: Double?
    private var lastTrend = 0.0
    private var overusing: Double?
    private var overuseGroups = 0
    /// What the last group said.
    private(set) var usage = Usage.normal

    /// Adds a packet; both times in nanoseconds, each of a clock of its own.
    mutating func add(sent: Int64, arrival: Int64) {
        guard var group = current else {
            current = Group(firstSent: sent, lastSent: sent, firstArrival: arrival, lastArrival: arrival)
            return
        }
        guard sent >= group.firstSent else { return }
        let isBurst =
            arrival - group.lastArrival <= GradientConstants.groupLength
            && arrival - group.lastArrival < sent - group.lastSent
            && arrival - group.firstArrival < 100_000_000
        if sent - group.firstSent <= GradientConstants.groupLength || isBurst {
            group.lastSent = max(group.lastSent, sent)
            group.lastArrival = max(group.lastArrival, arrival)
            current = group
            return
        }
        if let previous { compare(group, with: previous) }
        previous = group
        current = Group(firstSent: sent, lastSent: sent, firstArrival: arrival, lastArrival: arrival)
    }

    private mutating func compare(_ group: Group, with previous: Group) {
        let sent = Double(group.lastSent - previous.lastSent) / 1e6
        let arrived = Double(group.lastArrival - previous.lastArrival) / 1e6
        let first = firstArrival ?? group.lastArrival
        firstArrival = first
        groups += 1
        accumulated += arrived - sent
        smoothed =
            GradientConstants.smoothing * smoothed + (1 - GradientConstants.smoothing) * accumulated
        let now = Double(group.lastArrival - first) / 1e6
        points.append(Point(arrival: now, delay: smoothed))
        if points.count > GradientConstants.window { points.removeFirst() }
        let trend = points.count == GradientConstants.window ? slope ?? lastTrend : lastTrend
        detect(trend, step: sent, now: now)
    }

    private var slope: Double? {
        let count = Double(points.count)
        let meanArrival = points.reduce(0) { $0 + $1.arrival } / count
        let meanDelay = points.reduce(0) { $0 + $1.delay } / count
        var covariance = 0.0
        var variance = 0.0
        for point in points {
            covariance += (point.arrival - meanArrival) * (point.delay - meanDelay)
            variance += (point.arrival - meanArrival) * (point.arrival - meanArrival)
        }
        return variance > 0 ? covariance / variance : nil
    }

    private mutating func detect(_ trend: Double, step: Double, now: Double) {
        let modified = min(groups, GradientConstants.maximumGroups) * trend * GradientConstants.gain
        if modified > threshold {
            overusing = overusing.map { $0 + step } ?? step / 2
            overuseGroups += 1
            if overusing ?? 0 > GradientConstants.overuseTime, overuseGroups > 1, trend >= lastTrend {
                overusing = 0
                overuseGroups = 0
                usage = .overuse
            }
        } else {
            overusing = nil
            overuseGroups = 0
            usage = modified < -threshold ? .underuse : .normal
        }
        lastTrend = trend
        adapt(modified, now: now)
    }

    private mutating func adapt(_ modified: Double, now: Double) {
        let elapsed = min(now - (lastUpdate ?? now), 100)
        lastUpdate = now
        guard modified.magnitude <= threshold + GradientConstants.ignoredDistance else { return }
        let pace =
            modified.magnitude < threshold
            ? GradientConstants.thresholdDown : GradientConstants.thresholdUp
        threshold += pace * (modified.magnitude - threshold) * elapsed
        threshold = min(
            max(threshold, GradientConstants.threshold.lowerBound), GradientConstants.threshold.upperBound)
    }
}
