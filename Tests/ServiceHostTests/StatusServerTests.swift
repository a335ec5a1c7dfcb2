import NIOPosix
import ServiceHost
import ServiceLifecycle
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct StatusServerTests {
    /// Serves `/status` and `/echo` on a socket of its own while `body` runs.
    private static func withServer(
        limits: StatusServer.Limits = StatusServer.Limits(),
        _ body: @escaping @Sendable (String) throws -> Void
    ) async throws {
        let directory = TemporaryDirectory()
        let path = directory.file("status.sock")
        let listener = try UnixListener(path: path, mode: 0o600)
        let server = try await StatusServer.start(
            listener, on: MultiThreadedEventLoopGroup.singleton, limits: limits
        ) {
            switch $0.path {
            case "/status": .json(Array(#"{"state":"up"}"#.utf8))
            case "/echo": .text("query \($0.query ?? "none")")
            case "/large": .text(String(repeating: "x", count: 8 << 20))
            default: nil
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await blocking { try body(path) }
            group.cancelAll()
        }
        #expect(UnixClient(path) == nil, "the socket is closed and removed")
    }

    private static func exchange(_ path: String, _ request: String) throws -> String {
        let client = try #require(UnixClient(path))
        client.send(request)
        return client.receive()
    }

    @Test func routesAreAnswered() async throws {
        try await Self.withServer { path in
            let answer = try Self.exchange(
                path, "GET /status HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n")
            #expect(
                answer == """
                    HTTP/1.1 200 OK\r
                    Content-Type: application/json\r
                    Content-Length: 14\r
                    Connection: close\r
                    \r
                    {"state":"up"}
                    """)
            let echo = try Self.exchange(path, "GET /echo?a=b HTTP/1.1\r\nConnection: close\r\n\r\n")
            #expect(echo.hasSuffix("\r\n\r\nquery a=b\n"))
            let old = try Self.exchange(path, "GET /echo HTTP/1.0\r\n\r\n")
            #expect(old.hasSuffix("\r\n\r\nquery none\n"))
        }
    }

    @Test func headHasNoBody() async throws {
        try await Self.withServer { path in
            let answer = try Self.exchange(path, "HEAD /status HTTP/1.1\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("Content-Length: 14\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test(arguments: [
        ("GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 404 Not Found"),
        (
            "POST /status HTTP/1.1\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 405 Method Not Allowed"
        ),
        ("GARBAGE\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        ("\u{0}\u{1}\u{2}\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (
            "GET / HTTP/1.1\r\nA: " + String(repeating: "a", count: 9000),
            "HTTP/1.1 431 Request Header Fields Too Large"
        ),
        ("GET /" + String(repeating: "a", count: 9000), "HTTP/1.1 431 Request Header Fields Too Large"),
    ])
    func wrongRequestsAreRefused(request: String, status: String) async throws {
        try await Self.withServer { path in
            let answer = try Self.exchange(path, request)
            #expect(answer.hasPrefix(status + "\r\n"), "\(answer)")
            if status.contains("405") { #expect(answer.contains("\r\nAllow: GET, HEAD\r\n")) }
        }
    }

    @Test func oneConnectionTakesManyRequests() async throws {
        try await Self.withServer { path in
            let client = try #require(UnixClient(path))
            // Together far above the limit of one request.
            for number in 0..<200 {
                client.send(
                    "GET /echo?\(number) HTTP/1.1\r\nA: " + String(repeating: "a", count: 100) + "\r\n\r\n")
                let answer = client.receive { $0.hasSuffix("query \(number)\n") }
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
            client.send("GET /echo?a HTTP/1.1\r\n\r\nGET /echo?b HTTP/1.1\r\n\r\n")
            let answers = client.receive { $0.hasSuffix("query b\n") }
            #expect(answers.contains("query a\n"))
        }
    }

    @Test func furtherConnectionsAreClosed() async throws {
        try await Self.withServer(limits: StatusServer.Limits(connections: 2)) { path in
            let held = [UnixClient(path), UnixClient(path)]
            for client in held {
                client?.send("GET /echo HTTP/1.1\r\n\r\n")
                #expect(client?.receive { $0.hasSuffix("none\n") }.isEmpty == false)
            }
            let third = try #require(UnixClient(path))
            #expect(third.receive() == "")
            held[0]?.send("GET /echo HTTP/1.1\r\n\r\n")
            #expect(held[0]?.receive { $0.hasSuffix("none\n") }.isEmpty == false)
        }
    }

    /// Neither a client that says nothing, nor one that dribbles, nor one that does not read keeps its place.
    @Test func noClientHoldsItsPlace() async throws {
        let limits = StatusServer.Limits(connections: 1, requestTime: .milliseconds(200))
        try await Self.withServer(limits: limits) { path in
            for request in ["", "GET /status HT", "GET /large HTTP/1.1\r\n\r\n"] {
                let client = try #require(UnixClient(path))
                client.send(request)
                var answer = ""
                // A place is free again in the end, though the client is still there.
                for _ in 0..<1000 where answer.isEmpty {
                    usleep(10_000)
                    answer =
                        (try? Self.exchange(path, "GET /status HTTP/1.1\r\nConnection: close\r\n\r\n")) ?? ""
                }
                #expect(answer.hasSuffix(#"{"state":"up"}"#), "after \(request)")
                #expect(client.descriptor >= 0)
            }
        }
    }
}
