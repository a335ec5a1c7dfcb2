public import NIOCore
public import WireFormat

/// One timer on an event loop, without an allocation each time that it is set.
///
/// A deadline that moves away leaves the timer as it is: it then fires early, and is set anew.
public struct LoopTimer {
    private var scheduled: (callback: NIOScheduledCallback, instant: MonotonicInstant)?

    /// Creates a timer that is not set.
    public init() {}

    /// Sees to it that `handler` is called at `instant` at the latest.
    public mutating func fire(
        by instant: MonotonicInstant, on eventLoop: any EventLoop,
        _ handler: some (NIOScheduledCallbackHandler & Sendable)
    ) {
        if let scheduled, scheduled.instant <= instant { return }
        cancel()
        guard let callback = try? eventLoop.scheduleCallback(at: NIODeadline(instant), handler: handler)
        else {
            // The loop shuts down.
            return
        }
        scheduled = (callback, instant)
    }

    /// Notes that the timer fired; to be called first thing in the handler.
    public mutating func fired() {
        scheduled = nil
    }

    /// Sees to it that the handler is not called.
    public mutating func cancel() {
        scheduled?.callback.cancel()
        scheduled = nil
    }
}
