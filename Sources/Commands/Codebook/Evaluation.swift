import Plotting
import Training

/// What `evaluate` found; the names are the keys of its JSON.
struct Evaluation: Encodable {
    var bundle: String
    var frames: Int
    var variance: Double
    var rungs: [RungEvaluation]
    var peers: [PeerResults.Entry]?

    /// The SNR in dB of an mse on these frames; nil where there is no distortion or no variance.
    func snr(mse: Double) -> Double? {
        Distortion.snr(mse, variance: variance)
    }

    /// The figures in a table for people.
    var table: String {
        let hasDedicated = rungs.contains { $0.dedicatedMse != nil }
        let header =
            [
                "rung", "sizes", "nominal bits", "coded bits", "mse", "SNR dB", "used", "encode ns", "of 64",
                "decode ns",
            ]
            + (hasDedicated ? ["dedicated bits", "dedicated mse"] : [])
        let rows = rungs.map { rung in
            [
                "\(rung.rung)", RungList.text(rung.sizes), Self.fixed(rung.nominalBitsPerFrame, 1),
                Self.fixed(rung.codedBitsPerFrame, 2), CodebookOutput.significant(rung.mse),
                rung.snrDb.map { Self.fixed($0, 2) } ?? "-", "\(rung.usedCodewords)",
                Self.fixed(rung.encodeNsPerFrame, 0), Self.fixed(rung.encodeNsPerFrameBatch64, 0),
                Self.fixed(rung.decodeNsPerFrame, 0),
            ] + (hasDedicated ? dedicated(rung) : [])
        }
        let peerRows = (peers ?? []).map { peer in
            [
                peer.codec, Self.fixed(peer.bitsPerFrame, 1),
                snr(mse: peer.mse).map { Self.fixed($0, 2) } ?? "-",
            ]
        }
        let own = CodebookOutput.table(header, rows)
        return peerRows.isEmpty
            ? own : own + "\n\n" + CodebookOutput.table(["peer", "bits", "SNR dB"], peerRows)
    }

    private func dedicated(_ rung: RungEvaluation) -> [String] {
        [
            rung.dedicatedCodedBitsPerFrame.map { Self.fixed($0, 2) } ?? "-",
            rung.dedicatedMse.map(CodebookOutput.significant) ?? "-",
        ]
    }

    private static func fixed(_ value: Double, _ places: Int) -> String {
        DecimalText.fixed(value, places: places)
    }
}
