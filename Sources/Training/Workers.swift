import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads that share independent tasks. What comes out never depends on how many threads there are.
public struct Workers: Sendable {
    /// The most threads that run at once.
    public let count: Int

    /// Uses up to `count` threads. Traps unless it is positive.
    public init(count: Int) {
        precondition(count > 0, "at least one thread")
        self.count = count
    }

    /// One thread for each processor that is online.
    public static var available: Workers {
        Workers(count: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// The results of tasks 0..<tasks, in their order.
    func map<Result: Sendable>(_ tasks: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        guard count > 1, tasks > 1 else { return (0..<tasks).map(body) }
        let next = Atomic<Int>(0)
        let results = Mutex<[Result?]>(Array(repeating: nil, count: tasks))
        DispatchQueue.concurrentPerform(iterations: min(count, tasks)) { _ in
            while true {
                let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard task < tasks else { return }
                let result = body(task)
                results.withLock { $0[task] = result }
            }
        }
        return results.withLock { $0.compactMap { $0 } }
    }

    /// The results for consecutive ranges of `size` that cover 0..<total, in their order. The ranges depend on
    /// `total` and `size` alone.
    func map<Result: Sendable>(
        ranges total: Int, of size: Int, _ body: @Sendable (Range<Int>) -> Result
    ) -> [Result] {
        map((total + size - 1) / size) { task in
            body(task * size..<min(total, (task + 1) * size))
        }
    }
}
