extension SocketSettings {
    /// Reads the table of a socket.
    init?(reading reader: SettingsReader, path standardPath: String, maximumConnections standardCount: Int) {
        let path = reader.value("socket", .socketPath, default: standardPath)
        let mode = reader.value("mode", .mode, default: 0o660)
        let count = reader.value("max_connections", .integer(1...1024), default: standardCount)
        guard let path, let mode, let count else { return nil }
        self.init(path: path, mode: mode, maximumConnections: count)
    }
}

extension StreamSettings {
    /// Reads one `[[stream]]` table of an agent.
    init?(reading reader: SettingsReader, isMetered: Bool) {
        let name = reader.required("name", .name)
        let bundlePath = reader.required("bundle", .path)
        let dimension = reader.optional("dimension", .integer(1...65_536))
        _ = reader.value("delivery", .delivery, default: .live)
        let maximumAge = reader.value(
            "max_age", .duration(.milliseconds(10)...(.seconds(600))), default: .seconds(2))
        let standard = isMetered ? MeteredProfile.latencyBudget : .milliseconds(50)
        let latencyBudget = reader.value(
            "latency_budget", .duration(.milliseconds(1)...(.seconds(10))),
            default: min(standard, maximumAge ?? standard))
        let weight = reader.value("weight", .number(1e-6...1e6), default: 1)
        let priority = reader.value("priority", .integer(0...7), default: 0)
        let maximumDistortion = reader.optional("max_distortion", .number(1e-12...1e12))
        let minimumRung = reader.optional("min_rung", .integer(0...31))
        let maximumRung = reader.optional("max_rung", .integer(0...31))
        if let latencyBudget, let maximumAge, latencyBudget > maximumAge {
            reader.reportProblem("latency_budget", "is longer than max_age; allowed: max_age or less")
        }
        if let minimumRung, let maximumRung, minimumRung > maximumRung {
            reader.reportProblem("min_rung", "is above max_rung; allowed: max_rung or less")
        }
        guard let name, let bundlePath, let latencyBudget, let maximumAge, let weight, let priority else {
            return nil
        }
        self.init(
            name: name, dimension: dimension, bundlePath: bundlePath, latencyBudget: latencyBudget,
            maximumAge: maximumAge, weight: weight, priority: priority, maximumDistortion: maximumDistortion,
            minimumRung: minimumRung, maximumRung: maximumRung)
    }
}

/// How a stream's frames are delivered. `complete` is not here yet: it needs the spool.
enum Delivery {
    case live
}

extension SettingRule where Value == Delivery {
    /// The delivery of a stream.
    static var delivery: SettingRule {
        SettingRule(allowed: "\"live\"") { (value) throws(SettingProblem) in
            switch try string(value) {
            case "live": return .live
            case "complete":
                throw SettingProblem("\"complete\" needs the spool, which this version does not have")
            case let text: throw SettingProblem("\(quoted(text)) is unknown")
            }
        }
    }
}
