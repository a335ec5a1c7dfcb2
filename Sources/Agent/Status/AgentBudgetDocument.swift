import LinkControl

/// What `GET /status` says of the byte budget. Bytes are at the IP level, sent and received.
struct AgentBudgetDocument: Encodable {
    private let status: ByteBudgetStatus
    private let problem: String?

    init(_ status: ByteBudgetStatus, problem: String?) {
        self.status = status
        self.problem = problem
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(status.isExhausted, forKey: Key("exhausted"))
        try container.encodeIfPresent(problem, forKey: Key("problem"))
        try container.encodeIfPresent(status.leftInSecond, forKey: Key("second_left_bytes"))
        for period in status.periods {
            let name = period.kind.rawValue
            try container.encode(period.cap, forKey: Key("\(name)_cap_bytes"))
            try container.encode(period.used, forKey: Key("\(name)_used_bytes"))
            try container.encode(period.left, forKey: Key("\(name)_left_bytes"))
            try container.encode(period.secondsLeft.rounded(), forKey: Key("\(name)_ends_in_seconds"))
            try container.encode(period.rate.bitsPerSecond, forKey: Key("\(name)_rate_bits_per_second"))
        }
    }
}
