/// Squared errors summed over frames, pooled into SNRs.
struct ErrorSums {
    private var error = 0.0
    private var meanError = 0.0
    private var onTimeError = 0.0
    private var onTimeMeanError = 0.0
    /// Frames that were on time.
    private(set) var onTime = 0
    private var count = 0

    /// Adds a frame; `meanError` is what the bundle's mean is wrong by, which a late frame counts.
    mutating func add(_ record: FrameRecord, meanError: Double, isOnTime: Bool) {
        count += 1
        self.meanError += meanError
        error += isOnTime ? record.squaredError : meanError
        guard isOnTime else { return }
        onTime += 1
        onTimeError += record.squaredError
        onTimeMeanError += meanError
    }

    /// The SNR in dB over all frames; nil for none.
    var snr: Double? {
        count > 0 ? FrameStatistics.snr(mse: error, variance: meanError) : nil
    }

    /// The SNR in dB over the frames that were on time; nil for none.
    var deliveredSNR: Double? {
        onTime > 0 ? FrameStatistics.snr(mse: onTimeError, variance: onTimeMeanError) : nil
    }
}
