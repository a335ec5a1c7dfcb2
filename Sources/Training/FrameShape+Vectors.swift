import Quantization

extension FrameShape {
    /// The tokens of each token group, one after the other: all tokens of all frames where there is one group, else for
    /// each token that of every frame.
    func vectors(of frames: [Float], groups: Int) -> [[Float]] {
        guard groups > 1 else { return [frames] }
        return (0..<groups).map { group in
            stride(from: group * tokenDimension, to: frames.count, by: dimension).flatMap {
                frames[$0..<$0 + tokenDimension]
            }
        }
    }
}
