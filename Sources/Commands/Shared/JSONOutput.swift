import FoundationEssentials

/// The one way in which commands write JSON: one object, snake_case keys in stable order.
public enum JSONOutput {
    /// Encodes a value as JSON text with sorted keys: `mseOfRung` becomes `mse_of_rung`. A non-finite number in it is a bug of the caller.
    public static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
