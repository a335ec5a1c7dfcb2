import GRDB

/// What can be wrong with the collector's database.
public struct SinkError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in one line that begins with the file's path.
    public let description: String
    /// SQLite's primary result code, where the error is SQLite's.
    public let code: Int32?

    init(path: String, underlying: any Error) {
        switch underlying {
        case let error as SinkError:
            self = SinkError(description: "\(path): \(error.description)", code: error.code)
        case let error as DatabaseError:
            self.init(
                description: "\(path): \(Self.text(error))", code: error.resultCode.rawValue)
        default:
            // A decoding error of GRDB may not be described once its row is gone.
            self.init(description: "\(path): unexpected error of type \(type(of: underlying))", code: nil)
        }
    }

    private init(description: String, code: Int32?) {
        self.description = description
        self.code = code
    }

    static func unknownVersion(_ version: Int) -> SinkError {
        SinkError(
            description: """
                the tables are of version \(version), this program knows version \(FrameDatabase.schemaVersion); \
                use the collector that wrote the file, or another path
                """,
            code: nil)
    }

    private static func text(_ error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_FULL: "the disk is full"
        case .SQLITE_BUSY, .SQLITE_LOCKED: "another process holds the database locked"
        case .SQLITE_NOTADB: "this file is no SQLite database"
        case .SQLITE_CANTOPEN: "the file cannot be opened or created (is its directory there and writable?)"
        case .SQLITE_READONLY: "the file may not be written"
        default: error.message ?? "SQLite error \(error.resultCode.rawValue)"
        }
    }
}
