/// What the writer has done, for `/status` and the metrics.
public struct SinkStatus: Sendable, Hashable {
    /// Frames stored.
    public var stored: UInt64 = 0
    /// Frames that the database had already.
    public var duplicates: UInt64 = 0
    /// Frames given up because the database could not be written before the process ended.
    public var lost: UInt64 = 0
    /// Failed attempts to write.
    public var failures: UInt64 = 0
    /// What is wrong with the database now, if it cannot be written.
    public var problem: String?
    /// Frames deleted because of their age.
    public var deletedByAge: UInt64 = 0
    /// Frames deleted because of the database's size.
    public var deletedBySize: UInt64 = 0
    /// The database's size in bytes when last looked at, without the write-ahead log.
    public var fileBytes = 0

    /// Creates the status of a writer that has done nothing.
    public init() {}
}
