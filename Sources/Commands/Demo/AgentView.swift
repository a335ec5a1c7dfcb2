import FoundationEssentials

/// What the demo reads of the agent's `/status`.
struct AgentView: Decodable {
    /// The agent's link.
    struct Link: Decodable {
        let state: String?
        let rateBitsPerSecond: Double?
        let queueDelayMs: Double?
    }

    /// One of the agent's streams.
    struct Stream: Decodable {
        let name: String
        let rung: Int
        let rungs: Int
        let framesOffered: Int
        let framesSent: Int
        let framesDropped: [String: Int]
    }

    let phase: String
    let explanation: String
    let link: Link
    let streams: [Stream]

    /// Asks a status socket.
    static func fetch(from socket: String) throws -> AgentView {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let body = try StatusClient.get("/status", socket: socket)
        do {
            return try decoder.decode(AgentView.self, from: Data(body.utf8))
        } catch {
            throw CommandFailure(path: socket, "the status is not as expected: \(error)")
        }
    }
}
