internal import WireFormat

/// Where a session's packets go, and how much may go there.
///
/// The address follows the newest packet. One that has not completed a handshake gets no more bytes than came
/// from it, so that a forged source address never makes the collector send a stranger more than the forger sends.
struct ReturnPath {
    private(set) var address: PeerAddress
    private let proved: PeerAddress
    private var credit = 0

    init(proved address: PeerAddress) {
        self.address = address
        proved = address
    }

    /// Notes the session's newest packet.
    mutating func received(_ byteCount: Int, from source: PeerAddress) {
        if source != address {
            address = source
            credit = 0
        }
        credit = min(credit + byteCount, 1 << 20)
    }

    /// Bytes that may be sent now.
    var allowance: Int { address == proved ? .max : credit }

    /// Whether so many bytes may be sent now.
    func allows(_ byteCount: Int) -> Bool { byteCount <= allowance }

    /// Notes a packet that was sent.
    mutating func sent(_ byteCount: Int) { credit = max(0, credit - byteCount) }
}
