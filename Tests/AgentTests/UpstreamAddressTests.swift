import Agent
import NIOCore
import ServiceHost
import Testing
import WireFormat

private let upstream = "collector:7300"

private func address(_ text: String, _ port: Int = 7300) throws -> SocketAddress {
    try SocketAddress(ipAddress: text, port: port)
}

@Suite struct UpstreamAddressTests {
    @Test func theFirstLoopbackAddressIsTaken() throws {
        let found = try [address("192.0.2.1"), address("::1"), address("127.0.0.1")]
        #expect(
            try UpstreamAddress.choose(from: found, present: nil, isAnswering: false, for: upstream)
                == address("::1"))
    }

    @Test func thePresentAddressIsKeptWhileItIsAmongThem() throws {
        let found = try [address("127.0.0.1"), address("127.0.0.2")]
        let present = try address("127.0.0.2")
        #expect(
            try UpstreamAddress.choose(from: found, present: present, isAnswering: true, for: upstream)
                == present)
        let next = try UpstreamAddress.choose(
            from: found, present: present, isAnswering: false, for: upstream)
        #expect(try next == address("127.0.0.1"))
        let gone = try address("127.0.0.3")
        #expect(
            try UpstreamAddress.choose(from: found, present: gone, isAnswering: true, for: upstream)
                == address("127.0.0.1"))
    }

    @Test(arguments: [
        "192.0.2.1", "0.0.0.0", "128.0.0.1", "fe80::1", "2001:db8::1", "::", "::ffff:192.0.2.1",
    ])
    func otherAddressesAreRefusedWithTheReason(text: String) throws {
        let found = try [address(text)]
        let error = #expect(throws: UpstreamAddress.Problem.self) {
            try UpstreamAddress.choose(from: found, present: found[0], isAnswering: true, for: upstream)
        }
        #expect(error?.description.contains("packets are not encrypted yet") == true)
        #expect(error?.description.contains("collector:7300") == true)
    }

    @Test(arguments: ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"])
    func loopbackIsKnownInAllItsForms(text: String) throws {
        let socket = try address(text, 4711)
        let peer = try #require(PeerAddress(socket))
        #expect(peer.isLoopback && peer.port == 4711)
        #expect(
            try UpstreamAddress.choose(from: [socket], present: nil, isAnswering: false, for: upstream)
                == socket)
    }
}
