import Bundles

/// Whole files of bytes, as commands read and write them: `FileBytes` with the commands' errors.
public enum Files {
    /// The bytes of a regular file of at most `limit` bytes.
    public static func read(_ path: String, limit: Int = 1 << 32) throws(CommandFailure) -> [UInt8] {
        do throws(FileError) {
            return try FileBytes.contents(of: path, limit: limit)
        } catch {
            throw CommandFailure(path: path, error)
        }
    }

    /// Replaces a regular file as a whole; writes into a device or pipe.
    public static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        do throws(FileError) {
            try FileBytes.write(bytes, to: path)
        } catch {
            throw CommandFailure(path: path, error)
        }
    }

    /// Refuses a path that cannot be written to; to be called before the work whose result goes there.
    static func check(_ path: String) throws(CommandFailure) {
        do throws(FileError) {
            try FileBytes.checkWritable(path)
        } catch {
            throw CommandFailure(path: path, error)
        }
    }
}
