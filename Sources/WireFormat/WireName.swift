/// What gateways and streams may be called: 1 to 64 of `A-Z a-z 0-9 . _ -`.
///
/// Names become file names, metric labels and terminal output; so nothing in them ever needs escaping.
public enum WireName {
    /// The most bytes of a name.
    public static let maximumLength = 64

    /// Whether a gateway or a stream may have this name.
    public static func isValid(_ name: String) -> Bool {
        1...maximumLength ~= name.utf8.count && name.utf8.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
