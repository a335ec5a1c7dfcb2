extension SettingRule where Value == Duration {
    /// A duration with its unit, within `range`.
    static func duration(_ range: ClosedRange<Duration>) -> SettingRule {
        let scale = UnitScale.duration
        let bounds = range.lowerBound.nanoseconds...range.upperBound.nanoseconds
        return SettingRule(allowed: quantity("a duration", bounds, scale)) {
            (value) throws(SettingProblem) in
            .nanoseconds(try scale.parse(value, within: bounds))
        }
    }
}

extension SettingRule where Value == Int {
    /// A size in bytes with its unit, within `range`.
    static func size(_ range: ClosedRange<Int64>) -> SettingRule {
        SettingRule(allowed: quantity("a size", range, .size)) { (value) throws(SettingProblem) in
            Int(try UnitScale.size.parse(value, within: range))
        }
    }

    /// A rate in bits per second with its unit, within `range`.
    static func rate(_ range: ClosedRange<Int64>) -> SettingRule {
        SettingRule(allowed: quantity("a rate", range, .rate)) { (value) throws(SettingProblem) in
            Int(try UnitScale.rate.parse(value, within: range))
        }
    }

    /// An integer within `range`.
    static func integer(_ range: ClosedRange<Int>) -> SettingRule {
        let allowed = "an integer from \(range.lowerBound) to \(range.upperBound)"
        return SettingRule(allowed: allowed) { (value) throws(SettingProblem) in
            guard case .integer(let number) = value else { throw SettingProblem("is \(value.kindName)") }
            guard let integer = Int(exactly: number), range.contains(integer) else {
                throw SettingProblem("\(number) is out of range")
            }
            return integer
        }
    }
}

extension SettingRule where Value == Bool {
    /// `true` or `false`.
    static var boolean: SettingRule {
        SettingRule(allowed: "true or false") { (value) throws(SettingProblem) in
            guard case .boolean(let truth) = value else { throw SettingProblem("is \(value.kindName)") }
            return truth
        }
    }
}

extension SettingRule where Value == Double {
    /// A finite number within `range`; an integer will do.
    static func number(_ range: ClosedRange<Double>) -> SettingRule {
        let allowed = "a number from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))"
        return SettingRule(allowed: allowed) { (value) throws(SettingProblem) in
            let number: Double
            switch value {
            case .float(let float): number = float
            case .integer(let integer): number = Double(integer)
            default: throw SettingProblem("is \(value.kindName)")
            }
            guard range.contains(number) else { throw SettingProblem("\(shortest(number)) is out of range") }
            return number
        }
    }
}

extension Duration {
    /// The duration in whole nanoseconds; the rules' ranges are far from overflow.
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

extension UnitScale {
    /// The quantity of a string value, within `range`.
    fileprivate func parse(_ value: TOMLValue, within range: ClosedRange<Int64>) throws(SettingProblem)
        -> Int64
    {
        guard case .string(let text) = value else {
            throw SettingProblem("is \(value.kindName) and not a string with a unit")
        }
        let quantity = try parse(text)
        guard range.contains(quantity) else { throw SettingProblem("\(quoted(text)) is out of range") }
        return quantity
    }
}

private func quantity(_ noun: String, _ range: ClosedRange<Int64>, _ scale: UnitScale) -> String {
    let bounds = "from \(scale.format(range.lowerBound)) to \(scale.format(range.upperBound))"
    return "\(noun) \(bounds), with a unit of \(scale.names)"
}

/// A number without a needless ".0".
private func shortest(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
