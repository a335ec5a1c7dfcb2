#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The system's clocks in nanoseconds.
enum SystemTime {
    /// The monotonic clock.
    static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// The time of day, since 1970.
    static func wall() -> UInt64 { read(CLOCK_REALTIME) }

    /// Waits until the monotonic clock shows `instant`.
    static func sleep(until instant: UInt64) {
        var time = timespec(tv_sec: Int(instant / 1_000_000_000), tv_nsec: Int(instant % 1_000_000_000))
        while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
