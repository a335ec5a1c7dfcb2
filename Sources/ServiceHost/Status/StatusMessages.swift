/// A `GET` request to a status socket.
public struct StatusRequest: Sendable, Hashable {
    /// The path without the query: `/status`.
    public let path: String
    /// What stands after the `?`, as it came.
    public let query: String?

    /// Splits a request's target.
    init(target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = parts.count == 2 ? String(parts[1]) : nil
    }
}

/// The answer to a request.
public struct StatusResponse: Sendable, Hashable {
    /// The HTTP status code.
    public var code: Int
    /// The MIME type of the body.
    public var contentType: String
    /// The body.
    public var body: [UInt8]

    /// Creates a response.
    public init(code: Int = 200, contentType: String, body: [UInt8]) {
        self.code = code
        self.contentType = contentType
        self.body = body
    }

    /// A JSON document.
    public static func json(_ body: some Sequence<UInt8>) -> StatusResponse {
        StatusResponse(contentType: "application/json", body: Array(body))
    }

    /// Plain text; an end of line is added.
    public static func text(_ text: String, code: Int = 200) -> StatusResponse {
        StatusResponse(code: code, contentType: "text/plain; charset=utf-8", body: Array((text + "\n").utf8))
    }

    /// Metrics in Prometheus' text format.
    public static func metrics(_ text: String) -> StatusResponse {
        StatusResponse(contentType: PrometheusText.contentType, body: Array(text.utf8))
    }
}
