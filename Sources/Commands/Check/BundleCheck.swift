import Bundles
import Quantization
import Settings

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What settings say of bundles, held against the bundles.
enum BundleCheck {
    /// What is wrong with the bundles of an agent's streams, in the order of the file.
    static func problems(_ settings: AgentSettings) -> [SettingsDiagnostic] {
        settings.streams.enumerated().flatMap { index, stream in
            problems(stream).map { settings.source.diagnostic("stream[\(index)].\($0.key)", $0.message) }
        }
    }

    /// Whether a collector's directory of bundles can be read. What is in it is another matter: a damaged
    /// bundle must not keep the streams of the others waiting.
    static func problems(_ settings: CollectorSettings) -> [SettingsDiagnostic] {
        guard let directory = unsafe opendir(settings.bundlesPath) else {
            let reason = "\(settings.bundlesPath) cannot be read: \(Console.errorText(errno))"
            return [settings.source.diagnostic("bundles", "\(reason); allowed: a readable directory")]
        }
        unsafe closedir(directory)
        return []
    }

    private static func problems(_ stream: StreamSettings) -> [(key: String, message: String)] {
        let bundle: Bundle
        do throws(BundleError) {
            bundle = try Bundle.read(path: stream.bundlePath)
        } catch {
            return [("bundle", CommandFailure(path: stream.bundlePath, error).description)]
        }
        var problems: [(key: String, message: String)] = []
        let dimension = bundle.codec.dimension
        if let expected = stream.dimension, expected != dimension {
            problems.append(("dimension", "\(expected) is not the bundle's; allowed: \(dimension)"))
        }
        let last = bundle.codec.ladder.rungs.count - 1
        for (key, rung) in [("min_rung", stream.minimumRung), ("max_rung", stream.maximumRung)] {
            if let rung, rung > last {
                problems.append((key, "\(rung) is above the bundle's rungs; allowed: 0 to \(last)"))
            }
        }
        return problems
    }
}
