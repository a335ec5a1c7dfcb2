private import FoundationEssentials

extension StatusResponse {
    /// A document as JSON, its keys in order; the error with code 500 where it cannot be encoded.
    public static func document(_ document: some Encodable) -> StatusResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return .json(try encoder.encode(document))
        } catch {
            return .text("the state cannot be shown: \(error)", code: 500)
        }
    }
}
