import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the peers' script measured of other codecs on the same frames.
struct PeerResults {
    /// One codec at one rate.
    struct Entry: Codable, Sendable {
        var codec: String
        var bitsPerFrame: Double
        var mse: Double
        var snrDb: Double?
        var encodeNsPerFrame: Double?

        /// As the file spells them, so that messages do too.
        private enum CodingKeys: String, CodingKey {
            case codec, mse
            case bitsPerFrame = "bits_per_frame"
            case snrDb = "snr_db"
            case encodeNsPerFrame = "encode_ns_per_frame"
        }
    }

    private struct Document: Decodable {
        var faiss: String?
        var entries: [Entry]
    }

    var entries: [Entry]
    /// The version of FAISS, where the codecs are FAISS's.
    var version: String?

    /// Reads the script's JSON.
    init(path: String) throws(CommandFailure) {
        let bytes = try Files.read(path, limit: 16 << 20)
        do {
            let document = try JSONDecoder().decode(Document.self, from: Data(bytes))
            entries = document.entries
            version = document.faiss
        } catch {
            throw CommandFailure(
                path: path,
                "no results of codecs: \(Self.problem(error)); an object with entries of codec, bits_per_frame and mse"
                    + " is needed")
        }
    }

    /// Where a decoder stopped, and at what: "entries[3].mse is missing".
    private static func problem(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        return switch error {
        case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(place(context.codingPath)) is null"
        case .typeMismatch(_, let context): "\(place(context.codingPath)) is of another type"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "this is not JSON"
        case .dataCorrupted(let context): "\(place(context.codingPath)) is not allowed"
        @unknown default: "\(error)"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "the whole" }
        return path.reduce("") { text, key in
            if let index = key.intValue { return "\(text)[\(index)]" }
            return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
    }

    /// The variance that the entries' SNR is against, where an entry has both SNR and mse.
    var variance: Double? {
        entries.lazy.compactMap { entry in entry.snrDb.map { entry.mse * pow(10, $0 / 10) } }.first { $0 > 0 }
    }

    /// The entries by codec and whatever it is besides its size, in the order of the file: "RQ beam 5".
    var families: [(name: String, entries: [Entry])] {
        var families: [(name: String, entries: [Entry])] = []
        for entry in entries {
            let name = (version == nil ? "" : "FAISS ") + Self.family(entry.codec)
            if let index = families.firstIndex(where: { $0.name == name }) {
                families[index].entries.append(entry)
            } else {
                families.append((name, [entry]))
            }
        }
        return families
    }

    /// "RQ beam 5" of "rq8x8_beam5": the name without the size; words with their number apart.
    static func family(_ codec: String) -> String {
        let words = codec.split(separator: "_")
        guard let first = words.first, first.contains(where: \.isNumber),
            ["vq", "rq", "pq", "opq", "lsq", "plsq", "prq"].contains(first.prefix { $0.isLetter })
        else { return codec }
        let rest = words.dropFirst().map { word in
            let letters = word.prefix { $0.isLetter }
            let number = word.dropFirst(letters.count)
            return letters.isEmpty || number.isEmpty ? String(word) : "\(letters) \(number)"
        }
        return ([first.prefix { $0.isLetter }.uppercased()] + rest).joined(separator: " ")
    }
}
