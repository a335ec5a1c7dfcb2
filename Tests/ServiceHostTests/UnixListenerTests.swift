import ServiceHost
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct UnixListenerTests {
    private static func failure(_ path: String) -> String {
        do throws(UnixSocketError) {
            close(try UnixListener(path: path, mode: 0o600).descriptor)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func theFileHasItsMode() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("a.sock")
        let listener = try UnixListener(path: path, mode: 0o660)
        defer { close(listener.descriptor) }
        var information = stat()
        #expect(unsafe lstat(path, &information) == 0)
        #expect(information.st_mode & 0o777 == 0o660)
        listener.removeFile()
        #expect(unsafe lstat(path, &information) != 0)
    }

    @Test func aSocketThatNobodyListensOnIsReplaced() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("a.sock")
        let first = try UnixListener(path: path, mode: 0o600)
        close(first.descriptor)
        let second = try UnixListener(path: path, mode: 0o600)
        #expect(UnixClient(path) != nil)
        // What the first one made is gone; it must not remove the second one's file.
        first.removeFile()
        #expect(UnixClient(path) != nil)
        close(second.descriptor)
    }

    @Test func aLivingSocketIsLeftAlone() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("a.sock")
        let listener = try UnixListener(path: path, mode: 0o600)
        #expect(Self.failure(path) == "\(path): another process listens on it")
        #expect(UnixClient(path) != nil)
        close(listener.descriptor)
    }

    @Test func aFileInTheWayIsLeftAlone() {
        let directory = TemporaryDirectory()
        let path = directory.file("a.sock")
        close(unsafe open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(Self.failure(path) == "\(path): a file that is no socket is in the way")
        #expect(exists(path))
    }

    @Test func impossiblePathsAreNamed() {
        let long = "/tmp/" + String(repeating: "x", count: 103)
        #expect(Self.failure(long) == "\(long): a socket's path has 1 to 107 bytes")
        #expect(Self.failure("") == ": a socket's path has 1 to 107 bytes")
        #expect(Self.failure("/nonexistent/a.sock") == "/nonexistent/a.sock: No such file or directory")
    }

    @Test func thePeerIsKnown() throws {
        let directory = TemporaryDirectory()
        let listener = try UnixListener(path: directory.file("a.sock"), mode: 0o600)
        defer { close(listener.descriptor) }
        let client = try #require(UnixClient(directory.file("a.sock")))
        let credentials = try #require(PeerCredentials(descriptor: client.descriptor))
        #expect(credentials.process == getpid())
        #expect(credentials.user == getuid())
        #expect(credentials.group == getgid())
        #expect(PeerCredentials(descriptor: -1) == nil)
    }
}
