import Commands
import Foundation
import Testing
import TestSupport

@Suite("weir link relay")
struct LinkRelayTests {
    /// Starts a relay, which runs until the test process ends; returns its port.
    private static func start(_ options: String...) async throws -> Int {
        let recording = ConsoleRecording()
        Task {
            await Console.$recording.withValue(recording) {
                _ = await CommandRunner.run(LinkCommand.self, arguments: ["relay"] + options)
            }
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while !recording.output.contains("\n"), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(2))
        }
        let line = try #require(recording.output.split(separator: "\n").first, "\(recording.messages)")
        try #require(line.hasPrefix("listening 127.0.0.1:"))
        return try #require(line.split(separator: ":").last.flatMap { Int($0) })
    }

    @Test func `each client has a socket of its own and gets its own answers`() async throws {
        let target = try UDPSocket()
        let relay = try await Self.start("--forward", "127.0.0.1:\(target.port)")
        let clients = [try UDPSocket(), try UDPSocket()]
        var ports: Set<Int> = []
        for round in 0..<3 {
            for (index, client) in clients.enumerated() {
                let question = [UInt8(index), UInt8(round), 1]
                client.send(question, to: relay)
                let arrived = try #require(try await target.receive())
                #expect(arrived.bytes == question)
                ports.insert(arrived.port)
                target.send([UInt8(index), UInt8(round), 2], to: arrived.port)
                let answer = try #require(try await client.receive())
                #expect(answer.bytes == [UInt8(index), UInt8(round), 2])
                #expect(answer.port == relay)
            }
        }
        #expect(ports.count == 2, "a client keeps its socket")
        #expect(!ports.contains(relay))
    }

    @Test func `datagrams keep their order over a slow link`() async throws {
        let target = try UDPSocket()
        let relay = try await Self.start(
            "--forward", "127.0.0.1:\(target.port)", "--rate", "2Mbit/s", "--delay-ms", "20", "--queue-ms",
            "60000")
        let client = try UDPSocket()
        let start = ContinuousClock.now
        for number in 0..<50 as Range<UInt8> {
            client.send([number] + Array(repeating: 0, count: 499), to: relay)
        }
        for number in 0..<50 as Range<UInt8> {
            let arrived = try #require(try await target.receive())
            #expect(arrived.bytes.count == 500 && arrived.bytes[0] == number)
        }
        // 50 datagrams of 528 bytes with their headers take 105 ms, and the last one 20 ms more.
        #expect(ContinuousClock.now - start >= .milliseconds(125))
    }

    @Test func `what comes from elsewhere than the target does not reach a client`() async throws {
        let target = try UDPSocket()
        let stranger = try UDPSocket()
        let relay = try await Self.start("--forward", "127.0.0.1:\(target.port)")
        let client = try UDPSocket()
        client.send([1], to: relay)
        let arrived = try #require(try await target.receive())
        stranger.send([66], to: arrived.port)
        target.send([2], to: arrived.port)
        #expect(try await client.receive()?.bytes == [2])
    }

    @Test(
        arguments: [
            (
                ["--forward", "nowhere"], 2,
                "--forward: 'nowhere' is no address; an address looks like 127.0.0.1:7400"
            ),
            (["--forward", "127.0.0.1:70000"], 2, "--forward: '127.0.0.1:70000' is no address"),
            (["--forward", "127.0.0.1:1", "--loss", "1.5"], 2, "--loss: 1.5 is not in 0...1"),
            (["--forward", "127.0.0.1:1", "--rate", "fast"], 2, "--rate: "),
            (["--forward", "127.0.0.1:1", "--trace", "/no/such"], 1, "/no/such: cannot open the file"),
        ])
    func `bad options are named`(options: [String], status: Int32, message: String) async {
        let recording = ConsoleRecording()
        let result = await Console.$recording.withValue(recording) {
            await CommandRunner.run(LinkCommand.self, arguments: ["relay"] + options)
        }
        #expect(result == status)
        #expect(recording.messages.contains(message), "\(recording.messages)")
    }
}
