import Quantization

extension Bundle {
    /// The variance of the calibration frames around their mean, per dimension in the stream's own units squared;
    /// nil where there were none. A rung's mse divided by it is its nmse.
    public var calibrationVariance: Double? {
        if let variance = provenance.variance { return variance }
        guard provenance.frames > 0 else { return nil }
        // The scale is the root mean square of the frames around their mean.
        let scale = Double(codec.normalization.scale)
        return scale * scale
    }
}
