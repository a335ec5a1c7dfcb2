import FoundationEssentials
import GRDB

/// Writes stored frames of one stream as `.npy`, with bounded memory however many there are.
public struct FrameExporter: Sendable {
    /// What to export.
    public struct Request: Sendable, Hashable {
        /// The stream's name.
        public var stream: String
        /// The gateway's name; needed only if several gateways have such a stream.
        public var gateway: String?
        /// Frames before this agent time are left out.
        public var from: TimeBound?
        /// Frames at this agent time and later are left out.
        public var to: TimeBound?

        /// Creates a request.
        public init(stream: String, gateway: String? = nil, from: TimeBound? = nil, to: TimeBound? = nil) {
            self.stream = stream
            self.gateway = gateway
            self.from = from
            self.to = to
        }
    }

    private struct Series {
        var identifier: Int64
        var gateway: String
        var run: String
        var dimension: Int
        var frames: Int
    }

    private let path: String
    private let database: DatabaseQueue

    /// Opens a collector's database for reading; the collector may go on writing.
    public init(database path: String) throws(ExportFailure) {
        self.path = path
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            database = try DatabaseQueue(path: path, configuration: configuration)
            let version = try database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
            guard version == FrameDatabase.schemaVersion else {
                throw ExportFailure("\(path): this is no database of a collector of this version")
            }
        } catch let failure as ExportFailure {
            throw failure
        } catch {
            throw ExportFailure(SinkError(path: path, underlying: error).description)
        }
    }

    /// Writes the frames, run by run and in order of their sequence, to `output`, and a line for each to `index`.
    ///
    /// All is read from one state of the database. The index has the columns row, gateway, run, sequence,
    /// agent_time_ns, arrival_time_ns, clock_synced, bundle, rung.
    ///
    /// - Returns: how many frames were written.
    public func export(_ request: Request, to output: String, index: String?) throws(ExportFailure) -> Int {
        do {
            return try database.read { try export(request, from: $0, to: output, index: index) }
        } catch let failure as ExportFailure {
            throw failure
        } catch {
            throw ExportFailure(SinkError(path: path, underlying: error).description)
        }
    }

    private func export(
        _ request: Request, from database: Database, to output: String, index: String?
    ) throws -> Int {
        let series = try series(for: request, in: database)
        let rows = series.reduce(0) { $0 + $1.frames }
        var values = try ReplacingFile(path: output)
        try values.append(NPYHeader.bytes(rows: rows, columns: series[0].dimension))
        if let index {
            var lines = try ReplacingFile(path: index)
            try lines.append(Self.indexHeader.utf8)
            var row = 0
            for series in series {
                try forEachFrame(of: series, request, in: database) { frame in
                    try values.append(bytes(of: frame, series))
                    try lines.append(Self.indexLine(row: row, of: frame, series).utf8)
                    row += 1
                }
            }
            try lines.commit()
        } else {
            for series in series {
                try forEachFrame(of: series, request, in: database) { frame in
                    try values.append(bytes(of: frame, series))
                }
            }
        }
        try values.commit()
        return rows
    }

    private func forEachFrame(
        of series: Series, _ request: Request, in database: Database, _ body: (Row) throws -> Void
    ) throws {
        let cursor = try Row.fetchCursor(
            database,
            sql: """
                SELECT sequence, agent_time_ns, arrival_time_ns, clock_synced, identity, rung, frame_values \
                FROM frames JOIN bundles USING (bundle) \
                WHERE series = ? AND agent_time_ns >= ? AND agent_time_ns < ? ORDER BY sequence
                """,
            arguments: [series.identifier] + Self.bounds(request))
        while let row = try cursor.next() {
            try body(row)
        }
    }

    /// The series with frames that are asked for; at least one, all of one gateway and one dimension.
    private func series(for request: Request, in database: Database) throws -> [Series] {
        let candidates = try Row.fetchAll(
            database, sql: "SELECT * FROM series WHERE stream = ? ORDER BY series",
            arguments: [request.stream]
        ).filter { request.gateway == nil || $0["gateway"] == request.gateway }
        guard !candidates.isEmpty else { throw try unknownStream(request, in: database) }
        let series = try candidates.map { row in
            let frames = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM frames WHERE series = ? AND agent_time_ns >= ? AND agent_time_ns < ?
                    """,
                arguments: [row["series"] as Int64] + Self.bounds(request))
            return Series(
                identifier: row["series"], gateway: row["gateway"], run: row["run"],
                dimension: row["dimension"], frames: frames ?? 0)
        }.filter { $0.frames > 0 }
        guard let first = series.first else {
            throw ExportFailure("\(path): stream \"\(request.stream)\" has no frames between --from and --to")
        }
        let gateways = Set(series.map(\.gateway)).sorted()
        guard gateways.count == 1 else {
            throw ExportFailure(
                "\(path): several gateways have a stream \"\(request.stream)\"; choose one by --gateway: "
                    + Self.list(gateways))
        }
        let dimensions = Set(series.map(\.dimension)).sorted()
        guard dimensions.count == 1 else {
            throw ExportFailure(
                """
                \(path): the frames of stream "\(request.stream)" have several dimensions \
                (\(Self.list(dimensions.map(String.init)))); choose runs of one by --from and --to
                """)
        }
        precondition(first.dimension > 0, "a stored series has a dimension")
        return series
    }

    private func unknownStream(_ request: Request, in database: Database) throws -> ExportFailure {
        let names = try Row.fetchAll(
            database, sql: "SELECT DISTINCT gateway, stream FROM series ORDER BY gateway, stream"
        ).map { "\($0["gateway"] as String)/\($0["stream"] as String)" }
        let wanted = request.gateway.map { "\($0)/\(request.stream)" } ?? request.stream
        return ExportFailure("\(path): no stream \"\(wanted)\"; there are: \(Self.list(names))")
    }
}

extension FrameExporter {
    private static let indexHeader =
        "row,gateway,run,sequence,agent_time_ns,arrival_time_ns,clock_synced,bundle,rung\n"

    private static func bounds(_ request: Request) -> StatementArguments {
        [request.from?.nanoseconds ?? .min, request.to?.nanoseconds ?? .max]
    }

    private func bytes(of row: Row, _ series: Series) throws -> Data {
        let data: Data = row["frame_values"]
        guard data.count == series.dimension * MemoryLayout<Float>.size else {
            throw ExportFailure(
                """
                \(path): frame \(row["sequence"] as Int64) of run \(series.run) has \(data.count) bytes \
                and not \(series.dimension * MemoryLayout<Float>.size)
                """)
        }
        return data
    }

    private static func indexLine(row number: Int, of row: Row, _ series: Series) -> String {
        let sequence = UInt64(bitPattern: row["sequence"] as Int64)
        let times = "\(row["agent_time_ns"] as Int64),\(row["arrival_time_ns"] as Int64)"
        let coding = "\(row["clock_synced"] as Int),\(row["identity"] as String),\(row["rung"] as Int)"
        return "\(number),\(field(series.gateway)),\(series.run),\(sequence),\(times),\(coding)\n"
    }

    /// A CSV field after RFC 4180.
    private static func field(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }

    /// At most the first 20 names.
    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "none" }
        return names.prefix(20).joined(separator: ", ")
            + (names.count > 20 ? ", and \(names.count - 20) more" : "")
    }
}
