import FoundationEssentials

/// What the peers' script printed about other codecs.
enum PeerResults {
    /// One codec at one rate.
    struct Entry: Codable, Sendable {
        var codec: String
        var bitsPerFrame: Double
        var mse: Double
        var snrDb: Double?
        var encodeNsPerFrame: Double?
    }

    private struct Document: Decodable {
        var entries: [Entry]
    }

    /// Reads the script's JSON.
    static func read(_ path: String) throws(CommandFailure) -> [Entry] {
        let bytes = try Files.read(path, limit: 16 << 20)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Document.self, from: Data(bytes)).entries
        } catch {
            throw CommandFailure(
                path: path,
                "no results of codecs; an object with entries of codec, bits_per_frame, mse and snr_db is needed"
            )
        }
    }
}
