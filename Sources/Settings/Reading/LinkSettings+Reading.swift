extension LinkSettings {
    /// Reads the `[link]` table of an agent. What is given there counts, whether the link is metered or not.
    init?(reading reader: SettingsReader) {
        let rates: SettingRule<Int> = .rate(1_000...10_000_000_000)
        let maximum = reader.optional("max_rate", rates)
        let start = reader.value("start_rate", rates, default: min(64_000, maximum ?? .max))
        let sizes: SettingRule<Int> = .size(1_000_000...64 << 40)
        let day = reader.optional("day_budget", sizes)
        let month = reader.optional("month_budget", sizes)
        let monthStartsOn = reader.value("month_starts_on", .integer(1...28), default: 1)
        let metered = reader.value("metered", .boolean, default: false)
        let isMetered = metered ?? false
        let reportInterval = reader.optional(
            "report_interval", .duration(.milliseconds(50)...(.milliseconds(200))))
        let keepAlive = reader.value(
            "keep_alive", .duration(.seconds(15)...(.seconds(600))),
            default: isMetered ? MeteredProfile.keepAlive : .seconds(25))
        if let maximum, let start, maximum < start {
            reader.reportProblem("max_rate", "is below start_rate; allowed: start_rate or more")
        }
        if let day, let month, day > month {
            reader.reportProblem("day_budget", "is above month_budget; allowed: month_budget or less")
        }
        guard let start, let monthStartsOn, let keepAlive else { return nil }
        self.init(
            startBitsPerSecond: start, maximumBitsPerSecond: maximum, dayBudget: day, monthBudget: month,
            monthStartsOn: monthStartsOn, isMetered: isMetered,
            reportInterval: reportInterval ?? (isMetered ? MeteredProfile.reportInterval : nil),
            keepAlive: keepAlive)
    }
}
