/// Why a bundle, or another safetensors file, cannot be read or written.
public struct BundleError: Error, Hashable, CustomStringConvertible {
    /// The file, where the bytes came from one.
    public internal(set) var path: String?

    /// The tensor, metadata key or byte that is wrong; nil where it is the file as a whole.
    public let place: String?

    /// What is wrong and what is allowed.
    public let problem: String

    /// `path: place: problem`, without what is not known.
    public var description: String {
        [path, place, problem].compactMap { $0 }.joined(separator: ": ")
    }

    init(path: String? = nil, _ place: String?, _ problem: String) {
        self.path = path
        self.place = place
        self.problem = problem
    }

    /// The same error with the file that it is about.
    func at(_ path: String) -> BundleError {
        BundleError(path: path, place, problem)
    }
}
