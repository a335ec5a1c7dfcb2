import CollectorCore

/// The collector's state at one moment.
struct CollectorSnapshot: Sendable {
    var receive: ReceiveSnapshot
    var queue: FrameQueue.Status
    var queueLimit: Int
    var sink: SinkStatus
    /// What is wrong with the bundles' directory and files, from the last looks; bounded.
    var bundleProblems: [String]

    /// What happens, in one line of plain words.
    var explanation: String {
        let count = receive.status.sessions.count
        let agents = count == 1 ? "1 agent" : "\(count) agents"
        var text = "\(agents) connected, \(sink.stored) frames stored"
        if let problem = sink.problem {
            text += "; frames wait, the database cannot be written: \(problem)"
            if queue.refused > 0 { text += " (\(queue.refused) frames refused since the start)" }
        }
        return text
    }
}
