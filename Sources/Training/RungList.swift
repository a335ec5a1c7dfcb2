/// Which rungs a ladder gets.
///
/// As text: `auto`, or rungs between commas. A rung is the codebook sizes of its stages between plus signs, first stage
/// first, and `256x3` is three stages of 256: `16,64,256,256+64,256x2,256x2+16`.
public enum RungList: Sendable, Hashable {
    /// The rungs on the lower convex hull of (coded bits, mse), not too close to each other.
    case automatic

    /// These rungs, each the sizes of its stages.
    case listed([[Int]])

    /// Parses the text; nil where it is not such a list.
    public init?(_ text: String) {
        if text == "auto" {
            self = .automatic
            return
        }
        var rungs: [[Int]] = []
        for rung in text.split(separator: ",", omittingEmptySubsequences: false) {
            var sizes: [Int] = []
            for term in rung.split(separator: "+", omittingEmptySubsequences: false) {
                let factors = term.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
                guard 1...2 ~= factors.count, let first = factors.first, let size = first, size > 0 else {
                    return nil
                }
                guard let repetitions = factors.count == 2 ? factors[1] : 1, 1...64 ~= repetitions else {
                    return nil
                }
                sizes += Array(repeating: size, count: repetitions)
            }
            rungs.append(sizes)
        }
        self = .listed(rungs)
    }

    /// A rung's sizes as they are written in a list.
    public static func text(_ sizes: [Int]) -> String {
        var terms: [(size: Int, count: Int)] = []
        for size in sizes {
            if terms.last?.size == size {
                terms[terms.count - 1].count += 1
            } else {
                terms.append((size, 1))
            }
        }
        return terms.map { $0.count == 1 ? "\($0.size)" : "\($0.size)x\($0.count)" }.joined(separator: "+")
    }

    /// The sizes that listed rungs use at a stage.
    func sizes(stage: Int) -> [Int] {
        guard case .listed(let rungs) = self else { return [] }
        return rungs.compactMap { stage < $0.count ? $0[stage] : nil }
    }

    /// Checks listed rungs against stages of a base size.
    func validate(stages: Int, base: Int) throws(TrainingError) {
        guard case .listed(let rungs) = self else { return }
        guard rungs.count <= 32 else { throw .tooManyRungs(rungs.count) }
        for sizes in rungs where sizes.count > stages || !sizes.allSatisfy({ 2...max(2, base) ~= $0 }) {
            throw .rungNotAllowed(rung: Self.text(sizes), stages: stages, base: base)
        }
    }
}
