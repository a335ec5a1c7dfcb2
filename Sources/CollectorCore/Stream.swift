internal import Bundles
internal import WireFormat

/// An accepted stream of a session: how its blocks are decoded, and what came of it.
final class Stream {
    let name: String
    let index: Int

    /// The bundle that blocks have which do not say; may change when the agent announces the stream anew.
    var decoder: BundleDecoder

    /// The session's number of that bundle.
    var bundleNumber: UInt16

    /// Which frames were delivered.
    private(set) var window = SequenceWindow()

    /// What frame numbers' low bits mean.
    var history = SequenceHistory()

    private(set) var framesDelivered: UInt64 = 0
    var duplicates: UInt64 = 0
    private(set) var lastArrival: WallTime?
    private(set) var lastRung: Int?
    private var first: UInt64?

    init(name: String, index: Int, decoder: BundleDecoder, bundleNumber: UInt16) {
        self.name = name
        self.index = index
        self.decoder = decoder
        self.bundleNumber = bundleNumber
    }

    /// Frame numbers in the range of those delivered that were not.
    var missing: UInt64 {
        guard let first, let highest = window.highest else { return 0 }
        return highest - first + 1 - framesDelivered
    }

    /// Marks a fresh frame as delivered; the caller has asked the window.
    func deliver(_ sequence: UInt64, rung: Int, arrival: WallTime) {
        guard case .fresh = window.insert(sequence) else { return }
        first = min(first ?? sequence, sequence)
        framesDelivered += 1
        lastArrival = arrival
        lastRung = rung
    }
}
