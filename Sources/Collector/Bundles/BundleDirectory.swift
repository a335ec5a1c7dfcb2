public import Bundles
public import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The directory whose bundles agents may use: every file in it that ends in `.weir`.
///
/// Files are read again only when their size or time of change says that they are others.
public struct BundleDirectory: Sendable {
    /// What a look found.
    public struct Look: Sendable {
        /// The bundles by identity.
        public var codecs: [BundleIdentity: FrameCodec] = [:]
        /// Whether they are others than at the last look.
        public var isChanged = false
        /// What is wrong with files that were read for the first time, each in one line.
        public var problems: [String] = []
    }

    /// The most bundles that are kept; further files are left out, with a problem that says so.
    public static let maximumBundles = 1024

    private struct FileState: Sendable, Hashable {
        var size: Int
        var seconds: Int
        var nanoseconds: Int
        var inode: UInt64
    }

    /// The directory's path.
    public let path: String
    private var files: [String: (state: FileState, bundle: (identity: BundleIdentity, codec: FrameCodec)?)] =
        [:]
    private var lastProblem: String?

    /// Creates a directory that was not looked at yet.
    public init(path: String) {
        self.path = path
    }

    /// Looks into the directory. Blocks while files are read.
    public mutating func look() -> Look {
        var look = Look()
        let names: [String]
        do {
            names = try Self.bundleNames(in: path)
            lastProblem = nil
        } catch {
            if lastProblem != error.description { look.problems.append(error.description) }
            lastProblem = error.description
            for case let bundle? in files.values.map(\.bundle) { look.codecs[bundle.identity] = bundle.codec }
            return look
        }
        let before = files
        files = [:]
        for name in names.prefix(Self.maximumBundles) {
            guard let state = Self.state(of: "\(path)/\(name)") else { continue }
            if let known = before[name], known.state == state {
                files[name] = known
            } else {
                look.isChanged = true
                files[name] = (state, read("\(path)/\(name)", &look.problems))
            }
        }
        if names.count > Self.maximumBundles, before.isEmpty {
            look.problems.append(
                "\(path): there are more than \(Self.maximumBundles) bundles; the rest is left out")
        }
        look.isChanged = look.isChanged || before.keys != files.keys
        for case let bundle? in files.values.map(\.bundle) { look.codecs[bundle.identity] = bundle.codec }
        return look
    }

    private func read(_ file: String, _ problems: inout [String]) -> (BundleIdentity, FrameCodec)? {
        do {
            let bundle = try Bundle.read(path: file)
            return (bundle.identity, bundle.codec)
        } catch {
            problems.append("\(error)")
            return nil
        }
    }

    private struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    /// The names of the bundles' files, sorted.
    private static func bundleNames(in path: String) throws(Unreadable) -> [String] {
        guard let directory = unsafe opendir(path) else {
            throw Unreadable(
                description: "\(path): cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name.hasSuffix(".weir"), !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func state(of path: String) -> FileState? {
        var information = stat()
        guard unsafe stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return FileState(
            size: Int(information.st_size), seconds: information.st_mtim.tv_sec,
            nanoseconds: information.st_mtim.tv_nsec, inode: UInt64(information.st_ino))
    }
}
