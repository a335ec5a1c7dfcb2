public import Quantization

/// One file with all that encoding and decoding a stream needs.
///
/// A safetensors file. Its metadata key `weir` holds a JSON document, see `BundleDocument`; its tensors are,
/// with stages, rungs and sizes counted from 0 as everywhere:
///
/// | tensor | type | shape | what |
/// |---|---|---|---|
/// | `normalization.mean` | F32 | dimension | mean frame |
/// | `normalization.scale` | F32 | 1 | common scale |
/// | `stage.<m>.base` | F32 | K × token dimension | base codebook of stage m |
/// | `stage.<m>.k<K'>` | F32 | K' × token dimension | adapted codebook of stage m |
/// | `stage.<m>.map.k<K'>` | U16 | K | index in the adapted codebook, where smaller, for each base index |
/// | `table.<rung>.<m>` | U16 | codebook size | frequencies of stage m's codes at a rung |
/// | `stage.<m>.count` | U64 | K | calibration use of each base codeword; trainer's copy only |
/// | `stage.<m>.mean` | F32 | K × token dimension | mean of each one's tokens; trainer's copy only |
/// | `stage.<m>.spread` | F32 | K × axes × token dimension | leading axes of each one's tokens; trainer's copy only |
///
/// Where each token has codebooks of its own, the shapes of `stage` and `table` tensors begin with the tokens.
///
/// Equal content gives equal bytes.
public struct Bundle: Sendable {
    /// The largest file that is read, in bytes.
    public static let largestFile = 1 << 30

    /// The most tables, and the most codebooks, of all token groups, stages and rungs.
    public static let maximumTables = 1 << 17

    /// SHA-256 of the file.
    public let identity: BundleIdentity

    /// What encodes and decodes.
    public let codec: FrameCodec

    /// Calibration use of the base codebooks, `statistics[token group][stage]`, in the trainer's copy.
    public let statistics: [[StageStatistics]]?

    /// Where the bundle came from.
    public let provenance: BundleProvenance

    /// A bundle of parts.
    ///
    /// Traps unless there are statistics of each stage, of its base codebook's shape and with counts that add up to
    /// at most 2^53, or none.
    ///
    /// Complexity: O(size), to find its identity.
    public init(codec: FrameCodec, statistics: [[StageStatistics]]?, provenance: BundleProvenance) {
        if let statistics {
            let groups = codec.residual.groups
            precondition(
                statistics.map(\.count) == groups.map(\.count), "there are statistics of each group and stage"
            )
            precondition(
                zip(statistics.joined(), groups.joined()).allSatisfy {
                    $0.counts.count == $1.base.size && $0.means.count == $1.base.codewords.count
                }, "statistics have the shape of the base codebook")
            precondition(
                statistics.joined().allSatisfy { BundleTensors.areCounts($0.counts) },
                "counts add up to at most 2^53")
        }
        self.codec = codec
        self.statistics = statistics
        self.provenance = provenance
        let bytes = Self.serialize(codec: codec, statistics: statistics, provenance: provenance)
        identity = BundleIdentity(hashing: bytes)
    }

    /// A bundle of parts that were read from a file.
    init(
        identity: BundleIdentity, codec: FrameCodec, statistics: [[StageStatistics]]?,
        provenance: BundleProvenance
    ) {
        self.identity = identity
        self.codec = codec
        self.statistics = statistics
        self.provenance = provenance
    }

    /// Reads and verifies a file.
    public static func read(path: String) throws(BundleError) -> Bundle {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileBytes.contents(of: path, limit: largestFile)
        } catch {
            throw BundleError(path: path, nil, error.problem)
        }
        do throws(BundleError) {
            return try Bundle(parsing: bytes)
        } catch {
            throw error.at(path)
        }
    }

    /// Writes the file atomically: afterwards it holds the whole bundle, or what it held before.
    public func write(path: String) throws(BundleError) {
        do throws(FileError) {
            try FileBytes.write(serialized(), to: path)
        } catch {
            throw BundleError(path: path, nil, error.problem)
        }
    }

    /// The file's bytes.
    public func serialized() -> [UInt8] {
        Self.serialize(codec: codec, statistics: statistics, provenance: provenance)
    }
}
