/// One line of the index that `weir-collector export` writes: a frame that arrived.
struct DemoFrame {
    /// Its number in the stream.
    let sequence: Int
    /// When it was taken, in nanoseconds since 1970.
    let taken: Int64
    /// When it arrived, in nanoseconds since 1970.
    let arrived: Int64
    /// The rung that it was coded at.
    let rung: Int

    /// The age at arrival in milliseconds.
    var age: Double { Double(arrived - taken) / 1e6 }

    /// Reads an index. Its columns are found by their names.
    static func read(index path: String) throws(CommandFailure) -> [DemoFrame] {
        let text = String(decoding: try Files.read(path, limit: 64 << 20), as: UTF8.self)
        var lines = text.split(separator: "\n")[...]
        let names = lines.popFirst()?.split(separator: ",") ?? []
        var columns: [Int] = []
        for name in ["sequence", "agent_time_ns", "arrival_time_ns", "rung"] {
            guard let column = names.firstIndex(of: Substring(name)) else {
                throw CommandFailure(path: path, "no column '\(name)'")
            }
            columns.append(column)
        }
        var frames: [DemoFrame] = []
        for line in lines {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = columns.compactMap { cells.indices.contains($0) ? Int64(cells[$0]) : nil }
            guard numbers.count == columns.count else {
                throw CommandFailure(path: path, "bad line '\(line)'")
            }
            frames.append(
                DemoFrame(
                    sequence: Int(numbers[0]), taken: numbers[1], arrived: numbers[2], rung: Int(numbers[3])))
        }
        return frames
    }
}
