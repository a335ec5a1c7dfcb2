import Bundles
import LinkControl

/// The file in which a byte budget outlasts a restart.
struct ByteBudgetFile: Sendable {
    let path: String

    /// What a file had.
    enum Content {
        /// There is none: nothing was counted yet.
        case none
        case state(ByteBudgetState)
        /// It cannot be read, or is damaged.
        case broken(String)
    }

    /// The file of an agent.
    init(directory: String) { path = "\(directory)/byte-budget" }

    /// Reads the file.
    func read() -> Content {
        guard FileBytes.exists(path) else { return .none }
        do {
            let bytes = try FileBytes.contents(of: path, limit: ByteBudgetState.maximumBytes)
            return .state(try ByteBudgetState(parsing: bytes))
        } catch {
            return .broken("\(path): \(error)")
        }
    }

    /// Replaces the file as a whole; it is on the disk when this returns. Blocks.
    func write(_ state: ByteBudgetState) throws(FileError) {
        try FileBytes.write(state.text, to: path)
    }
}
