import ArgumentParser
import LinkSimulation

/// Losses in bursts as an option says them: `0.05:3` loses 5 % of all packets, three in a row on average.
struct BurstLossOption: ExpressibleByArgument {
    let loss: BurstLoss

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let share = Double(parts[0]), let length = Double(parts[1]),
            (0..<1).contains(share), length.isFinite, length >= max(1, share / (1 - share))
        else { return nil }
        loss = BurstLoss(share: share, meanLength: length)
    }
}
