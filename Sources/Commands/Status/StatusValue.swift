/// A JSON value of a status document; which keys there are is the daemon's business.
enum StatusValue: Decodable {
    case object([String: StatusValue])
    case array([StatusValue])
    case text(String)
    case number(Double)
    case truth(Bool)
    case nothing

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .nothing
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let array = try? container.decode([StatusValue].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: StatusValue].self))
        }
    }

    /// Whether it is neither an object nor an array.
    var isScalar: Bool {
        switch self {
        case .object, .array: false
        default: true
        }
    }
}
