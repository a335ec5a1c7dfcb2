/// How one setting is read: what is allowed, and the conversion from the document's value.
struct SettingRule<Value> {
    /// What is allowed, for messages: "a duration from 1ms to 10s".
    let allowed: String
    /// Converts a value that the rule allows.
    let convert: (TOMLValue) throws(SettingProblem) -> Value
}

/// Why a value is refused; what is allowed is appended by the reader.
struct SettingProblem: Error {
    /// What is wrong with the value.
    let message: String
    /// Whether the message already says what is allowed.
    let isComplete: Bool

    /// Creates a problem to which what is allowed is to be appended.
    init(_ message: String) {
        self.message = message
        isComplete = false
    }

    /// Creates a problem whose message says all.
    init(complete message: String) {
        self.message = message
        isComplete = true
    }
}
