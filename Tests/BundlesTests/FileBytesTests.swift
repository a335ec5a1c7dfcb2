import Bundles
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct FileBytesTests {
    @Test func `a device stays a device`() throws {
        try FileBytes.checkWritable("/dev/null")
        try FileBytes.write([1, 2, 3], to: "/dev/null")
        #expect(kind(of: "/dev/null") == S_IFCHR)
    }

    @Test func `a pipe is written through`() throws {
        try TestFiles.withFolder { folder in
            let path = "\(folder)/pipe"
            _ = unsafe mkfifo(path, 0o600)
            let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
            defer { close(reader) }
            try FileBytes.checkWritable(path)
            try FileBytes.write([7, 8], to: path)
            var bytes: [UInt8] = [0, 0, 0]
            let count = unsafe read(reader, &bytes, 3)
            #expect(count == 2)
            #expect(bytes == [7, 8, 0])
            #expect(TestFiles.names(in: folder) == ["pipe"])
        }
    }

    @Test func `a link is followed and stays`() throws {
        try TestFiles.withFolder { folder in
            TestFiles.write([1], to: "\(folder)/file")
            _ = unsafe symlink("file", "\(folder)/link")
            try FileBytes.write([2, 3], to: "\(folder)/link")
            #expect(TestFiles.bytes(of: "\(folder)/file") == [2, 3])
            #expect(TestFiles.names(in: folder) == ["file", "link"])
            #expect(kind(of: "\(folder)/link") == S_IFLNK)
        }
    }

    private func kind(of path: String) -> mode_t {
        var status = stat()
        _ = unsafe lstat(path, &status)
        return status.st_mode & S_IFMT
    }

    @Test func `paths that cannot be written to are told beforehand`() throws {
        try TestFiles.withFolder { folder in
            try FileBytes.checkWritable("\(folder)/new")
            #expect(TestFiles.names(in: folder).isEmpty)
            #expect(message { try FileBytes.checkWritable(folder) } == "this is a directory")
            #expect(
                message { try FileBytes.checkWritable("\(folder)/no/new") }
                    == "cannot write in the file's directory: No such file or directory")
        }
    }
}
