/// Reads one table of a settings file. What is wrong is reported and reading goes on, so that all errors
/// of a file are shown at once; `finish` throws them.
final class SettingsReader {
    private let report: SettingsReport
    private let table: TOMLTable
    /// The table's own full key and a point; empty at the root.
    private let prefix: String
    private var knownKeys: [String] = []
    private var children: [SettingsReader] = []

    /// Creates the reader of a file's root table.
    convenience init(file: String, table: TOMLTable) {
        self.init(report: SettingsReport(file: file), table: table, prefix: "")
    }

    private init(report: SettingsReport, table: TOMLTable, prefix: String) {
        self.report = report
        self.table = table
        self.prefix = prefix
    }

    /// Where the values read so far stand.
    var source: SettingsSource { SettingsSource(file: report.file, positions: report.positions) }

    /// The value of a key that must be there; nil when that is reported.
    func required<Value>(_ key: String, _ rule: SettingRule<Value>) -> Value? {
        guard let element = element(key) else {
            report.add(prefix + key, at: table.position, "missing; allowed: \(rule.allowed)")
            return nil
        }
        return convert(element, key, rule)
    }

    /// The value of a key that need not be there; nil when it is not, or when it is wrong and reported.
    func optional<Value>(_ key: String, _ rule: SettingRule<Value>) -> Value? {
        element(key).flatMap { convert($0, key, rule) }
    }

    /// The value of a key, or its default where it is not given; nil when it is wrong and reported.
    func value<Value>(_ key: String, _ rule: SettingRule<Value>, default standard: Value) -> Value? {
        guard let element = element(key) else { return standard }
        return convert(element, key, rule)
    }

    /// The reader of a table; of an empty one where it is not given or no table.
    func table(_ key: String) -> SettingsReader {
        var child = TOMLTable(entries: [], position: table.position)
        if let element = element(key) {
            if case .table(let table) = element.value {
                child = table
            } else {
                report.add(
                    prefix + key, at: element.position,
                    "is \(element.value.kindName); write [\(prefix + key)]")
            }
        }
        return append(child, prefix: "\(prefix)\(key).")
    }

    /// The readers of an array of tables.
    func tables(_ key: String, count: ClosedRange<Int>) -> [SettingsReader] {
        guard let element = element(key) else {
            if count.lowerBound > 0 {
                report.add(
                    prefix + key, at: table.position, "missing; at least one [[\(prefix + key)]] is needed")
            }
            return []
        }
        guard case .array(let elements) = element.value else {
            report.add(
                prefix + key, at: element.position, "is \(element.value.kindName); write [[\(prefix + key)]]")
            return []
        }
        if !count.contains(elements.count) {
            let allowed = "allowed: \(count.lowerBound) to \(count.upperBound)"
            report.add(prefix + key, at: element.position, "there are \(elements.count); \(allowed)")
        }
        return elements.prefix(count.upperBound).enumerated().compactMap { index, element in
            guard case .table(let table) = element.value else {
                report.add(
                    "\(prefix)\(key)[\(index)]", at: element.position,
                    "is \(element.value.kindName); write [[\(prefix + key)]]")
                return nil
            }
            return append(table, prefix: "\(prefix)\(key)[\(index)].")
        }
    }

    /// Reports something about a key's value that its rule cannot know, at the value or else at the table.
    func reportProblem(_ key: String, _ message: String) {
        report.add(prefix + key, at: table.entry(key)?.element.position ?? table.position, message)
    }

    /// Reports keys that nobody asked for, then throws all that was reported. Call it at the root, last.
    func finish() throws(SettingsErrors) {
        reportUnknownKeys()
        guard report.diagnostics.isEmpty else { throw SettingsErrors(report.diagnostics) }
    }

    private func append(_ table: TOMLTable, prefix: String) -> SettingsReader {
        let child = SettingsReader(report: report, table: table, prefix: prefix)
        children.append(child)
        return child
    }

    private func element(_ key: String) -> TOMLElement? {
        knownKeys.append(key)
        guard let element = table.entry(key)?.element else { return nil }
        report.record(prefix + key, at: element.position)
        return element
    }

    private func convert<Value>(_ element: TOMLElement, _ key: String, _ rule: SettingRule<Value>) -> Value? {
        do throws(SettingProblem) {
            return try rule.convert(element.value)
        } catch {
            let allowed = error.isComplete ? "" : "; allowed: \(rule.allowed)"
            report.add(prefix + key, at: element.position, error.message + allowed)
            return nil
        }
    }

    private func reportUnknownKeys() {
        let unused = knownKeys.filter { table.entry($0) == nil }
        for entry in table.entries where !knownKeys.contains(entry.key) {
            let hint =
                closest(to: entry.key, among: unused).map { "did you mean \"\($0)\"?" }
                ?? "allowed here: \(knownKeys.joined(separator: ", "))"
            report.add(prefix + shown(entry.key), at: entry.keyPosition, "unknown key; \(hint)")
        }
        for child in children { child.reportUnknownKeys() }
    }

    /// A key that TOML lets be any text, as a message shows it.
    private func shown(_ key: String) -> String {
        let isBare = key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isBare && !key.isEmpty && key.utf8.count <= 60 ? key : quoted(key)
    }
}
