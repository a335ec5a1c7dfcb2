import NIOCore
import NIOPosix
import ServiceHost
import Synchronization
import Testing

@Suite struct LoopQueryTests {
    @Test func aLoopThatTurnsAnswers() async {
        let answer = await LoopQuery.ask(MultiThreadedEventLoopGroup.singleton.next()) { 42 }
        #expect(answer == 42)
    }

    @Test func aLoopThatIsStuckShowsAsNoAnswerUntilItTurnsAgain() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let gate = Gate()
        let (entered, entering) = AsyncStream.makeStream(of: Void.self)
        loop.execute {
            entering.finish()
            while !gate.isOpen.load(ordering: .acquiring) {}
        }
        for await _ in entered {}
        let stuck = await LoopQuery.ask(loop, within: .milliseconds(20)) { true }
        #expect(stuck == nil)
        gate.isOpen.store(true, ordering: .releasing)
        let turning = await LoopQuery.ask(loop, within: .seconds(60)) { true }
        #expect(turning == true)
        try await group.shutdownGracefully()
    }
}

/// What holds the loop up until the test lets it go.
private final class Gate: Sendable {
    let isOpen = Atomic(false)
}
