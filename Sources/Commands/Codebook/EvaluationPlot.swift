import Plotting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Rate and distortion of a ladder as a picture.
enum EvaluationPlot {
    /// SNR over coded bits, with dedicated codebooks and peers where they were measured.
    static func svg(_ evaluation: Evaluation, title: String) -> String {
        let ladder = points(evaluation.rungs) { $0.snrDb }
        var series = [
            Series("rungs", .line(ladder), color: .blue), Series("rungs", .dots(ladder), color: .blue),
        ]
        let dedicated = points(evaluation.rungs) { rung in
            guard let mse = rung.dedicatedMse, mse > 0, let snr = rung.snrDb else { return nil }
            return snr + 10 * log10(rung.mse / mse)
        }
        if !dedicated.isEmpty { series.append(Series("dedicated k-means", .dots(dedicated), color: .orange)) }
        let peers = (evaluation.peers ?? []).compactMap { peer in
            peer.snrDb.map { Series.Point(x: peer.bitsPerFrame, y: $0) }
        }
        if !peers.isEmpty { series.append(Series("peers", .dots(peers), color: .gray)) }
        return Plot(
            title: "Rate and distortion", subtitle: title,
            horizontal: Axis("bits a frame", includesZero: true),
            panels: [Panel(vertical: Axis("SNR, dB"), series: series, height: 400)]
        ).svg()
    }

    private static func points(
        _ rungs: [RungEvaluation], _ value: (RungEvaluation) -> Double?
    ) -> [Series.Point] {
        rungs.compactMap { rung in value(rung).map { Series.Point(x: rung.codedBitsPerFrame, y: $0) } }
    }
}
