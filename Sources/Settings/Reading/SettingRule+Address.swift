#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

extension SettingRule where Value == NetworkAddress {
    /// The collector's address as the agent's file gives it. A literal address must be a loopback
    /// address; a name can be checked only where it is resolved.
    static var upstream: SettingRule { address(takesNames: true, ports: 1...65535) }

    /// The address that a collector listens on: a loopback address. Port 0 takes any free port.
    static var listener: SettingRule { address(takesNames: false, ports: 0...65535) }

    private static func address(takesNames: Bool, ports: ClosedRange<UInt16>) -> SettingRule {
        let forms =
            takesNames ? "HOST:PORT, ADDRESS:PORT or [ADDRESS]:PORT" : "ADDRESS:PORT or [ADDRESS]:PORT"
        let allowed = "\(forms) with a port from \(ports.lowerBound) to \(ports.upperBound)"
        return SettingRule(allowed: allowed) { (value) throws(SettingProblem) in
            let text = try string(value)
            let address = try parse(text, ports: ports)
            guard takesNames || address.isLiteral else {
                throw SettingProblem("\(quoted(text)) does not begin with an address")
            }
            guard !address.isLiteral || isLoopback(address.host) else {
                throw SettingProblem(complete: "\(quoted(text)): \(NetworkAddress.loopbackOnlyReason)")
            }
            return address
        }
    }

    private static func parse(_ text: String, ports: ClosedRange<UInt16>) throws(SettingProblem)
        -> NetworkAddress
    {
        guard let colon = text.lastIndex(of: ":") else { throw SettingProblem("\(quoted(text)) has no port") }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits), ports.contains(port)
        else {
            throw SettingProblem("\(quoted(text)) has no valid port")
        }
        let host = text[..<colon]
        if host.first == "[", host.last == "]" {
            let inner = String(host.dropFirst().dropLast())
            guard isAddress(inner, AF_INET6) else {
                throw SettingProblem("\(quoted(inner)) is not an IPv6 address")
            }
            return NetworkAddress(host: inner, port: port, isLiteral: true)
        }
        if host.contains(":") { throw SettingProblem("\(quoted(text)): an IPv6 address needs brackets") }
        let isLiteral = isAddress(String(host), AF_INET)
        guard isLiteral || isName(host) else { throw SettingProblem("\(quoted(String(host))) is not a host") }
        return NetworkAddress(host: String(host), port: port, isLiteral: isLiteral)
    }

    private static func isAddress(_ text: String, _ family: CInt) -> Bool {
        octets(text, family) != nil
    }

    private static func isLoopback(_ text: String) -> Bool {
        if let octets = octets(text, AF_INET) { return octets[0] == 127 }
        guard let octets = octets(text, AF_INET6) else { return false }
        let isLoopback = octets.dropLast().allSatisfy { $0 == 0 } && octets[15] == 1
        let isMapped = octets[..<10].allSatisfy { $0 == 0 } && octets[10] == 255 && octets[11] == 255
        return isLoopback || (isMapped && octets[12] == 127)
    }

    /// The 4 or 16 bytes of an address literal.
    private static func octets(_ text: String, _ family: CInt) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        var octets = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        let result = unsafe octets.withUnsafeMutableBytes { unsafe inet_pton(family, text, $0.baseAddress) }
        return result == 1 ? octets : nil
    }

    /// A DNS name: labels of letters, digits and hyphens. All digits and points would be a mistyped address.
    private static func isName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isDigits = text.allSatisfy { $0.isNumber || $0 == "." }
        return text.utf8.count <= 253 && !isDigits
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            }
    }
}
