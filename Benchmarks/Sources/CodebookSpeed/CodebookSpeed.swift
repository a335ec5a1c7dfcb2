import CPeak

/// Answers lines on standard input, each with one line of numbers, so that a driver can measure in turns with another
/// program:
///
///     peak                                                    GFLOP/s of the core
///     flat CODEWORDS SIZE FRAMES DIMENSION BATCH COUNT        ns a frame
///     residual CODEWORDS STAGES SIZE FRAMES DIMENSION BEAM BATCH COUNT        ns a frame, squared error a frame
///     kmeans FRAMES DIMENSION SIZE ITERATIONS THREADS         seconds, squared error a frame, iterations
///
/// Files hold float32 values, one frame or codeword after the other.
@main
struct CodebookSpeed {
    static func main() throws {
        var searches = Searches()
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            print(try answer(words, searches: &searches))
            flushOutput()
        }
    }

    private static func answer(_ words: [String], searches: inout Searches) throws -> String {
        func number(_ index: Int) throws -> Int {
            guard index < words.count, let number = Int(words[index]), number > 0 else {
                throw CommandError(line: words.joined(separator: " "))
            }
            return number
        }
        switch (words.first, words.count) {
        case ("peak", 1):
            return "\(peak_gflops(300_000))"
        case ("flat", 7):
            let flat = try searches.flat(
                words[1], size: number(2), frames: words[3], dimension: number(4))
            return try "\(flat.nanosecondsPerFrame(batch: number(5), count: number(6)))"
        case ("residual", 9):
            var residual = try searches.residual(
                words[1], stages: number(2), size: number(3), frames: words[4], dimension: number(5),
                beamWidth: number(6))
            let result = try residual.measure(batch: number(7), count: number(8))
            return "\(result.nanosecondsPerFrame) \(result.squaredErrorPerFrame)"
        case ("kmeans", 6):
            return try trainKMeans(
                searches.values(words[1]), dimension: number(2), size: number(3), iterations: number(4),
                threads: number(5))
        default:
            throw CommandError(line: words.joined(separator: " "))
        }
    }
}

/// A line that is no command.
struct CommandError: Error, CustomStringConvertible {
    let line: String
    var description: String { "not a command: \(line)" }
}
