/// Reads the fields of a JSON object one by one and knows which are left; errors name the field's place.
struct JSONFields {
    private let place: String
    private var values: [String: JSONValue]

    /// - Parameter place: Where the object is, for messages.
    init(_ value: JSONValue, place: String) throws(BundleError) {
        guard case .object(let members) = value else {
            throw BundleError(place, "this must be an object")
        }
        self.place = place
        values = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
    }

    /// Refuses fields that were not asked for.
    func finish() throws(BundleError) {
        if let key = values.keys.min() {
            throw BundleError(place, "the key \"\(key)\" is unknown to this version")
        }
    }

    /// Whether there is a field that was not asked for yet.
    func has(_ key: String) -> Bool { values[key] != nil }

    mutating func value(_ key: String) throws(BundleError) -> JSONValue {
        guard let value = values.removeValue(forKey: key) else {
            throw BundleError(place, "the key \"\(key)\" is missing")
        }
        return value
    }

    mutating func integer<Integer: FixedWidthInteger>(
        _ key: String, in allowed: ClosedRange<Integer>
    ) throws(BundleError) -> Integer {
        guard case .number(let digits) = try value(key), let integer = Integer(digits), allowed ~= integer
        else {
            throw BundleError(place, "\(key) must be an integer in \(allowed)")
        }
        return integer
    }

    mutating func integers(_ key: String, in allowed: ClosedRange<Int>) throws(BundleError) -> [Int] {
        var integers: [Int] = []
        for element in try array(key) {
            guard case .number(let digits) = element, let integer = Int(digits), allowed ~= integer else {
                throw BundleError(place, "\(key) must hold integers in \(allowed)")
            }
            integers.append(integer)
        }
        return integers
    }

    /// A number of 0 or more.
    mutating func amount(_ key: String) throws(BundleError) -> Double {
        guard case .number(let digits) = try value(key), let amount = Double(digits), amount.isFinite,
            amount >= 0
        else { throw BundleError(place, "\(key) must be a finite number of 0 or more") }
        return amount
    }

    mutating func bool(_ key: String) throws(BundleError) -> Bool {
        guard case .bool(let value) = try value(key) else {
            throw BundleError(place, "\(key) must be true or false")
        }
        return value
    }

    mutating func string(_ key: String) throws(BundleError) -> String {
        guard case .string(let text) = try value(key) else {
            throw BundleError(place, "\(key) must be a string")
        }
        return text
    }

    mutating func array(_ key: String) throws(BundleError) -> [JSONValue] {
        guard case .array(let elements) = try value(key) else {
            throw BundleError(place, "\(key) must be an array")
        }
        return elements
    }
}
