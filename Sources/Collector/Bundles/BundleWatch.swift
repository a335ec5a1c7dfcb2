import Bundles
import Logging
import Quantization
import ServiceLifecycle
import Synchronization

/// Looks into the bundles' directory now and then, so that a bundle that is put there is used without a restart.
final class BundleWatch: Sendable {
    private static let interval = Duration.seconds(2)
    private static let shownProblems = 16

    private let directory: Mutex<BundleDirectory>
    private let shown = Mutex<[String]>([])
    private let logger: Logger

    init(path: String, logger: Logger) {
        directory = Mutex(BundleDirectory(path: path))
        self.logger = logger
    }

    /// What was wrong with the directory's files when they were read, the last few.
    var problems: [String] { shown.withLock { $0 } }

    /// Looks into the directory; blocks while files are read.
    ///
    /// - Returns: the bundles, or nil if they are the same as at the last look.
    func look() -> [BundleIdentity: FrameCodec]? {
        let look = directory.withLock { $0.look() }
        for problem in look.problems { logger.error("\(problem)") }
        if look.isChanged || !look.problems.isEmpty {
            shown.withLock { $0 = Array(($0 + look.problems).suffix(Self.shownProblems)) }
        }
        guard look.isChanged else { return nil }
        logger.info("bundles", metadata: ["count": "\(look.codecs.count)", "directory": "\(path)"])
        return look.codecs
    }

    private var path: String { directory.withLock { $0.path } }

    /// A service that goes on looking, and calls `replace` with what is new.
    func service(_ replace: @escaping @Sendable ([BundleIdentity: FrameCodec]) -> Void) -> some Service {
        Looker(watch: self, replace: replace)
    }

    private struct Looker: Service {
        let watch: BundleWatch
        let replace: @Sendable ([BundleIdentity: FrameCodec]) -> Void

        func run() async throws {
            await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    try? await Task.sleep(for: BundleWatch.interval)
                    guard !Task.isCancelled, let bundles = watch.look() else { continue }
                    replace(bundles)
                }
            }
        }
    }
}
