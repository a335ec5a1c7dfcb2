import ArgumentParser
import LinkSimulation
import NIOCore
import NIOPosix

/// `weir link relay`: a bad link between a real agent and a real collector.
struct LinkRelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay",
        abstract: "Relay UDP datagrams over a link with a rate, delay, loss and a finite queue.",
        discussion: """
            Datagrams that arrive at --listen go to --forward over the link; answers come back with the delay, its \
            jitter, and --report-loss alone. \
            Sizes count at the IP level. Without --rate, --schedule or --trace the rate has no limit. \
            Prints 'listening HOST:PORT' when it is ready and runs until it is stopped.
            """)

    @Option(help: "Where to listen; port 0 takes a free one.")
    var listen = "127.0.0.1:0"

    @Option(help: ArgumentHelp("Where to send what arrives.", valueName: "host:port"))
    var forward: String

    @OptionGroup var link: LinkOptions

    @Option(help: "The seed of random loss.")
    var seed: UInt64 = 1

    func run() async throws {
        let configuration = LinkRelay.Configuration(
            listen: try Self.address(listen, option: "--listen"),
            target: try Self.address(forward, option: "--forward"),
            forward: try link.modelConfiguration(),
            backward: link.wayBack,
            seed: seed)
        let group = MultiThreadedEventLoopGroup.singleton
        let relay: LinkRelay
        do {
            relay = try await LinkRelay.start(configuration, on: group.next()).get()
        } catch {
            throw CommandFailure("--listen: cannot listen at \(listen): \(error)")
        }
        try Console.output("listening \(relay.address.host):\(relay.address.port)")
        try await relay.stopped.get()
    }

    /// Reads `host:port`, with an IPv6 address in brackets, and resolves the name.
    private static func address(_ text: String, option: String) throws -> SocketAddress {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw ValidationError("\(option): '\(text)' is no address; an address looks like 127.0.0.1:7400")
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        do {
            return try SocketAddress.makeAddressResolvingHost(String(host), port: Int(port))
        } catch {
            throw CommandFailure("\(option): cannot resolve '\(host)'")
        }
    }
}
