import ArgumentParser
import Bundles
import Quantization
import Training

/// What the codebook commands read, with the errors that they answer with.
enum CodebookInput {
    /// A bundle from a file.
    static func bundle(_ path: String) throws(CommandFailure) -> Bundle {
        do throws(BundleError) {
            return try Bundle.read(path: path)
        } catch {
            throw CommandFailure(path: path, error)
        }
    }

    /// A bundle from a file, and what its bytes are for.
    static func bundleAndSize(_ path: String) throws(CommandFailure) -> (Bundle, BundleSize) {
        let bytes = try Files.read(path, limit: Bundle.largestFile)
        do throws(BundleError) {
            return (try Bundle(parsing: bytes), try BundleSize(parsing: bytes))
        } catch {
            throw CommandFailure(path: path, error)
        }
    }

    /// At least one frame from a file, all finite; divided into tokens where `tokens` says so.
    static func frames(_ path: String, tokens: Int? = nil) throws(CommandFailure) -> FrameArray {
        var frames: FrameArray
        do throws(NPYError) {
            frames = try FrameArray.read(path: path)
        } catch {
            throw CommandFailure(path: path, error)
        }
        guard frames.count > 0 else { throw CommandFailure(path: path, "no frames; at least one is needed") }
        if let frame = frames.firstNonFiniteFrame {
            throw CommandFailure(path: path, "frame \(frame): NaN or infinite; every value must be finite")
        }
        if let tokens, tokens != frames.shape.tokens {
            guard frames.shape.tokens == 1, let divided = frames.divided(intoTokens: tokens) else {
                throw CommandFailure(
                    path: path, "frames of \(frames.shape) values cannot be divided into \(tokens) tokens")
            }
            frames = divided
        }
        return frames
    }

    /// Frames that a bundle can encode.
    static func frames(_ path: String, for bundle: Bundle) throws(CommandFailure) -> FrameArray {
        let frames = try frames(path)
        let shape = bundle.codec.shape
        guard
            frames.shape == shape || (frames.shape.tokens == 1 && frames.shape.dimension == shape.dimension),
            let divided = frames.shape == shape ? frames : frames.divided(intoTokens: shape.tokens)
        else {
            throw CommandFailure(
                path: path, "frames of \(frames.shape) values; the bundle's frames have \(shape)")
        }
        if let frame = bundle.codec.normalization.firstFrameOutOfRange(divided.values.span) {
            throw CommandFailure(path: path, TrainingError.outOfRange(frame: frame))
        }
        return divided
    }

    /// The same frames as the trainer takes them.
    static func frameSet(_ frames: FrameArray, path: String) throws(CommandFailure) -> FrameSet {
        do throws(TrainingError) {
            return try FrameSet(shape: frames.shape, values: frames.values)
        } catch {
            throw CommandFailure(path: path, error)
        }
    }

    /// Threads as asked for, or one for each processor.
    static func workers(_ threads: Int?) -> Workers {
        threads.map { Workers(count: $0) } ?? .available
    }

    /// Checks that an option's value is allowed; otherwise bad usage.
    static func require(_ condition: Bool, _ message: String) throws(ValidationError) {
        guard condition else { throw ValidationError(message) }
    }

    /// The adaptation method of a name.
    static func method(_ name: String) throws(ValidationError) -> AdaptationMethod {
        guard let method = AdaptationMethod(rawValue: name) else {
            throw ValidationError("--adapt: no method \(name) here; available are \(AdaptationMethod.names)")
        }
        return method
    }
}
