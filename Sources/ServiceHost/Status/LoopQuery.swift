public import NIOCore
private import Synchronization

/// Asks an event loop for a value, but not for ever: a loop that is stuck shows as no answer.
public enum LoopQuery {
    /// Runs `question` on `eventLoop` and returns its answer, or nil if there is none within `limit`.
    public static func ask<Answer: Sendable>(
        _ eventLoop: any EventLoop, within limit: Duration = .seconds(1),
        _ question: @escaping @Sendable () -> Answer
    ) async -> Answer? {
        await withCheckedContinuation { continuation in
            let waiter = Waiter<Answer>(continuation)
            eventLoop.execute { waiter.resume(question()) }
            Task {
                try? await Task.sleep(for: limit)
                waiter.resume(nil)
            }
        }
    }

    /// Whoever comes first resumes the continuation.
    private final class Waiter<Answer: Sendable>: Sendable {
        private let continuation: Mutex<CheckedContinuation<Answer?, Never>?>

        init(_ continuation: CheckedContinuation<Answer?, Never>) {
            self.continuation = Mutex(continuation)
        }

        func resume(_ answer: Answer?) {
            let continuation = continuation.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume(returning: answer)
        }
    }
}
