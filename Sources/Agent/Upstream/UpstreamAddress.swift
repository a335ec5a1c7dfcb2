public import NIOCore
import ServiceHost
import Settings
import WireFormat

/// The addresses that an upstream's name stands for, and which of them packets may go to.
public enum UpstreamAddress {
    /// Why packets go nowhere.
    public enum Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// The name has no address, or nobody could be asked.
        case unresolved(String, reason: String)
        /// There is no address that packets may go to.
        case notLoopback(String, found: String)

        /// One line: what is wrong and what is allowed.
        public var description: String {
            switch self {
            case .unresolved(let address, let reason): "upstream \(address) cannot be resolved: \(reason)"
            case .notLoopback(let address, let found):
                "upstream \(address) resolves to \(found), refused: \(NetworkAddress.loopbackOnlyReason)"
            }
        }
    }

    /// Chooses from what a name resolved to: the present address while it is among the allowed ones and somebody
    /// answers there, else the next of those, so that all have their turn.
    public static func choose(
        from addresses: [SocketAddress], present: SocketAddress?, isAnswering: Bool, for upstream: String
    ) throws(Problem) -> SocketAddress {
        let allowed = addresses.filter { PeerAddress($0)?.isLoopback == true }
        guard let first = allowed.first else {
            let found = addresses.compactMap(\.ipAddress).prefix(4).joined(separator: ", ")
            throw .notLoopback(upstream, found: found.isEmpty ? "nothing" : found)
        }
        guard let present, let index = allowed.firstIndex(of: present) else { return first }
        return isAnswering ? present : allowed[(index + 1) % allowed.count]
    }
}
