private import CLinux
public import NIOCore
public import WireFormat

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The clocks of the machine.
public enum SystemClock {
    /// The monotonic clock; the one that NIO's deadlines are told by.
    public static func now() -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds))
    }

    /// The time of day.
    public static func wall() -> WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Whether the kernel holds the time of day for synchronised.
    public static func isSynchronized() -> Bool {
        weir_clock_is_synchronized() == 1
    }
}

extension NIODeadline {
    /// The deadline at an instant of the monotonic clock.
    public init(_ instant: MonotonicInstant) {
        self = .uptimeNanoseconds(UInt64(clamping: instant.nanoseconds))
    }
}
