/// Why a .npy file cannot be read or written.
public struct NPYError: Error, Hashable, CustomStringConvertible {
    /// The file, where the bytes came from one.
    public internal(set) var path: String?

    /// What is wrong, where, and what is allowed.
    public let problem: String

    /// `path: problem`.
    public var description: String {
        [path, problem].compactMap { $0 }.joined(separator: ": ")
    }

    init(path: String? = nil, _ problem: String) {
        self.path = path
        self.problem = problem
    }
}
