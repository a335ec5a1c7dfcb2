import NIOCore
import WireFormat

/// One timer on the packet loop, without an allocation each time that it is set.
///
/// A deadline that moves away leaves the timer as it is: it then fires early, and is set anew.
struct LoopTimer {
    private var scheduled: (callback: NIOScheduledCallback, instant: MonotonicInstant)?

    /// Sees to it that `handler` is called at `instant` at the latest.
    mutating func fire(
        by instant: MonotonicInstant, on eventLoop: any EventLoop,
        _ handler: some (NIOScheduledCallbackHandler & Sendable)
    ) {
        if let scheduled {
            guard instant < scheduled.instant else { return }
            scheduled.callback.cancel()
        }
        scheduled = nil
        guard let callback = try? eventLoop.scheduleCallback(at: NIODeadline(instant), handler: handler)
        else {
            // The loop shuts down.
            return
        }
        scheduled = (callback, instant)
    }

    /// The timer fired.
    mutating func fired() {
        scheduled = nil
    }
}
