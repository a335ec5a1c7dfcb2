import Foundation
import Testing

/// A GET to a status socket.
enum StatusPage {
    static func get(_ path: String, from socket: String) throws -> (code: Int, body: String) {
        let client = try UnixClient(socket)
        client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        let answer = client.readToEnd()
        let end = try #require(answer.range(of: "\r\n\r\n"), "no answer to \(path): \(answer)")
        let code = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (try #require(code), String(answer[end.upperBound...]))
    }

    static func json(_ path: String = "/status", from socket: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(try get(path, from: socket).body.utf8))
    }
}

/// JSON of any shape; what is not there reads as null.
@dynamicMemberLookup
enum JSONValue: Decodable, Equatable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    subscript(dynamicMember key: String) -> JSONValue { self[key] }

    subscript(key: String) -> JSONValue {
        if case .object(let members) = self { members[key] ?? .null } else { .null }
    }

    subscript(index: Int) -> JSONValue {
        if case .array(let elements) = self, elements.indices.contains(index) {
            elements[index]
        } else {
            .null
        }
    }

    var number: Double { if case .number(let value) = self { value } else { .nan } }
    var text: String { if case .text(let value) = self { value } else { "" } }
    var sum: Double {
        if case .object(let members) = self { members.values.reduce(0) { $0 + $1.number } } else { .nan }
    }
}
