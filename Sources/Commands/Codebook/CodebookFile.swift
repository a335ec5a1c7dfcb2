import Bundles
import EntropyCoding
import Quantization
import Training

/// A user's own codebook from a file: K × d, or stages × K × d as the stages of a residual code.
struct CodebookFile {
    /// The largest file that is read, in bytes: a checkpoint holds much beside the codebook.
    private static let largestFile = 1 << 34

    /// The codebook of each stage, in the units of the file.
    let stages: [Codebook]

    /// Reads a .npy or a safetensors file.
    ///
    /// - Parameter tensor: The name of the tensor; nil where the file leaves no choice.
    init(path: String, tensor: String?) throws(CommandFailure) {
        let bytes = try Files.read(path, limit: Self.largestFile)
        let array: (shape: [Int], values: [Float])
        var place = path
        if NPYArray.begins(bytes) {
            guard tensor == nil else {
                throw CommandFailure(path: path, "--tensor: a .npy file holds one array, which has no name")
            }
            array = try Self.array(bytes, path: path)
        } else if Self.isArchiveOrPickle(bytes) {
            throw CommandFailure(
                path: path,
                "this is an archive or a pickle (.pt, .npz); save the codebook by safetensors.torch.save_file"
                    + " or by numpy.save")
        } else {
            let found = try Self.tensor(bytes, named: tensor, path: path)
            array = (found.shape, found.values)
            place = "\(path): tensor \(found.name)"
        }
        stages = try Self.codebooks(array.shape, array.values, place: place)
    }

    /// Whether bytes begin as a zip archive or a pickle does.
    ///
    /// A safetensors file may begin with the same bytes, as the length of its header; at byte 8 it has a brace.
    private static func isArchiveOrPickle(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= 8 || bytes[8] != UInt8(ascii: "{") else { return false }
        return bytes.starts(with: "PK".utf8) || bytes.first == 0x80
    }

    private static func array(
        _ bytes: [UInt8], path: String
    ) throws(CommandFailure) -> (shape: [Int], values: [Float]) {
        let array = try about(path) { () throws(NPYError) in try NPYArray(parsing: bytes) }
        return (array.shape, array.values)
    }

    /// What `read` returns; its error becomes one about a file.
    private static func about<Value, Failure: CustomStringConvertible>(
        _ path: String, _ read: () throws(Failure) -> Value
    ) throws(CommandFailure) -> Value {
        do throws(Failure) {
            return try read()
        } catch {
            throw CommandFailure(path: path, error)
        }
    }

    private static func tensor(
        _ bytes: [UInt8], named name: String?, path: String
    ) throws(CommandFailure) -> (name: String, shape: [Int], values: [Float]) {
        let file = try about(path) { () throws(BundleError) in try SafeTensors(parsing: bytes, .foreign) }
        let tensor = try choose(name, in: file, path: path)
        let values = try about(path) { () throws(BundleError) in try file.floats(of: tensor) }
        return (tensor.name, tensor.shape, values)
    }

    /// The tensor of a name, or without one the only tensor that may be a codebook.
    private static func choose(
        _ name: String?, in file: SafeTensors, path: String
    ) throws(CommandFailure) -> SafeTensors.Tensor {
        if let name {
            guard let tensor = file.tensors[name] else {
                throw CommandFailure(
                    path: path, "--tensor: there is no tensor \(name); there are \(list(file.tensors.values))"
                )
            }
            return tensor
        }
        let candidates = file.tensors.values.filter { 2...3 ~= $0.shape.count && $0.type.isFloat }
        guard candidates.count < 2 else {
            throw CommandFailure(path: path, "several tensors; choose one by --tensor: \(list(candidates))")
        }
        guard let tensor = candidates.first else {
            throw CommandFailure(
                path: path,
                "no tensor of floats has the shape of a codebook, K × d or stages × K × d; there are"
                    + " \(list(file.tensors.values))")
        }
        return tensor
    }

    /// The first tensors by name, with their types and shapes.
    private static func list(_ tensors: some Collection<SafeTensors.Tensor>) -> String {
        guard !tensors.isEmpty else { return "none" }
        let shown = tensors.sorted { $0.name < $1.name }.prefix(20).map { tensor in
            "\(tensor.name) (\(tensor.type.rawValue) \(tensor.shape.map(String.init).joined(separator: "×")))"
        }
        let more = tensors.count > shown.count ? " and \(tensors.count - shown.count) more" : ""
        return shown.joined(separator: ", ") + more
    }

    private static func codebooks(
        _ shape: [Int], _ values: [Float], place: String
    ) throws(CommandFailure) -> [Codebook] {
        guard shape.count == 2 || shape.count == 3 else {
            throw CommandFailure(
                path: place, "it has \(shape.count) dimensions; a codebook is K × d or stages × K × d")
        }
        let (stages, size, dimension) = (
            shape.count == 3 ? shape[0] : 1, shape[shape.count - 2], shape[shape.count - 1]
        )
        let text = shape.map(String.init).joined(separator: "×")
        guard 1...ResidualQuantizer.maximumStages ~= stages else {
            throw CommandFailure(
                path: place, "\(text): \(stages) stages; 1...\(ResidualQuantizer.maximumStages) are allowed")
        }
        guard BundleTrainer.baseSizes ~= size else {
            throw CommandFailure(
                path: place, "\(text): \(size) codewords; \(BundleTrainer.baseSizes) are allowed")
        }
        guard FrameShape.isValid(tokens: 1, tokenDimension: dimension) else {
            throw CommandFailure(
                path: place,
                "\(text): codewords of \(dimension) values; 1...\(FrameShape.maximumDimension) are allowed")
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw CommandFailure(
                path: place,
                "codeword \(index / dimension % size) has a NaN or infinite value; every value must be finite"
            )
        }
        return (0..<stages).map { stage in
            let first = stage * size * dimension
            return Codebook(
                codewords: Array(values[first..<first + size * dimension]), size: size, dimension: dimension)
        }
    }
}
