public import Quantization

/// Frames of one stream, as .npy files hold them.
public struct FrameArray: Sendable, Equatable {
    /// The largest file that is read, in bytes.
    public static let largestFile = 1 << 34

    /// The shape of a frame.
    public let shape: FrameShape

    /// The number of frames.
    public let count: Int

    /// The frames one after the other, `count × shape.dimension` values.
    public let values: [Float]

    /// Frames of a shape. Traps unless `values` holds whole frames.
    public init(shape: FrameShape, values: [Float]) {
        precondition(values.count.isMultiple(of: shape.dimension), "an array holds whole frames")
        self.shape = shape
        self.values = values
        count = values.count / shape.dimension
    }

    /// The first frame with a value that is NaN or infinite, or that was beyond `Float` in the file; nil if
    /// there is none. Whoever needs finite frames must ask.
    ///
    /// Complexity: O(values).
    public var firstNonFiniteFrame: Int? {
        values.firstIndex { !$0.isFinite }.map { $0 / shape.dimension }
    }

    /// The same values with each frame divided into `tokens` tokens; nil if the dimension does not divide.
    public func divided(intoTokens tokens: Int) -> FrameArray? {
        guard tokens > 0, shape.dimension.isMultiple(of: tokens) else { return nil }
        return FrameArray(
            shape: FrameShape(tokens: tokens, tokenDimension: shape.dimension / tokens), values: values)
    }

    /// Reads a .npy file of n × dimension or n × tokens × token dimension floats.
    public static func read(path: String) throws(NPYError) -> FrameArray {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileBytes.contents(of: path, limit: largestFile)
        } catch {
            throw NPYError(path: path, error.problem)
        }
        do throws(NPYError) {
            return try FrameArray(parsing: bytes)
        } catch {
            throw NPYError(path: path, error.problem)
        }
    }

    /// Writes a .npy file of float32 atomically: n × dimension where frames have one token, else
    /// n × tokens × token dimension.
    public func write(path: String) throws(NPYError) {
        do throws(FileError) {
            try FileBytes.write(serialized(), to: path)
        } catch {
            throw NPYError(path: path, error.problem)
        }
    }
}
