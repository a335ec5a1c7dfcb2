/// A kind of period with a cap of its own.
public enum BudgetPeriodKind: String, Sendable, Hashable, CaseIterable {
    /// From midnight to midnight UTC.
    case day
    /// A calendar month UTC, from the billing day on.
    case month

    /// The longest that such a period can be, in seconds.
    var longest: Int64 { self == .day ? 86_400 : 31 * 86_400 }
    /// The share of the cap that may be saved up for a burst: an hour of a day, a day of a month.
    var burstShare: Double { self == .day ? 1.0 / 24 : 1.0 / 30 }
}

/// A period from its first second to the first one of the next, in seconds since 1970.
struct BudgetSpan: Sendable, Hashable {
    let start: Int64
    let end: Int64

    /// The period of a kind that a second is in.
    init(_ kind: BudgetPeriodKind, at second: Int64, monthStartsOn day: Int) {
        let date = CivilDate(day: second.floorDivided(by: 86_400))
        switch kind {
        case .day:
            start = second.floorDivided(by: 86_400) * 86_400
            end = start + 86_400
        case .month:
            let month = date.monthCount - (date.day < day ? 1 : 0)
            start = CivilDate.days(monthCount: month, day: day) * 86_400
            end = CivilDate.days(monthCount: month + 1, day: day) * 86_400
        }
    }

    /// The share of the period that is over at `second`, 0...1.
    func elapsedShare(at second: Double) -> Double {
        min(1, max(0, (second - Double(start)) / Double(end - start)))
    }
}

/// A date of the proleptic Gregorian calendar, from days since 1970 and back (Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms").
struct CivilDate: Sendable, Hashable {
    /// Months since year 0.
    let monthCount: Int64
    /// The day of the month, from 1.
    let day: Int

    /// The date of a day, counted from 1970-01-01.
    init(day days: Int64) {
        // Years begin in March here, so that the leap day is the last one.
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let year = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * month + 2) / 5) + 1
        monthCount = (era * 400 + year) * 12 + month + 2
    }

    /// Days from 1970-01-01 to a day of a month.
    static func days(monthCount: Int64, day: Int) -> Int64 {
        let shifted = monthCount - 2
        let year = shifted.floorDivided(by: 12)
        let month = shifted - year * 12
        let era = year.floorDivided(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * month + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

extension Int64 {
    /// The quotient, rounded down.
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}
