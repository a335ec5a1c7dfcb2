/// How the symbols of a block are coded.
public enum BlockCoding: UInt8, Sendable {
    /// Range-coded with the rung's tables.
    case tables = 0

    /// Range-coded with uniform frequencies, where the tables would take more than the nominal bits.
    case uniform = 1
}
