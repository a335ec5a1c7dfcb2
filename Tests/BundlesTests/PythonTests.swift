import Bundles
import Quantization
import Testing

private let python = TestFiles.environment("WEIR_PYTHON")

/// What Python's `safetensors` and `numpy` make of our files.
///
/// The variable WEIR_PYTHON names a Python that has both packages; `make test` makes one and sets it
/// (see scripts/python-environment). A plain `swift test` without it skips these tests visibly.
@Suite(.enabled(if: python != nil, "WEIR_PYTHON is not set; run make test"))
struct PythonTests {
    @Test(arguments: [1, 2] as [UInt64])
    func `safetensors opens a bundle and writes the same file`(seed: UInt64) throws {
        try TestFiles.withFolder { folder in
            let bundle = SampleBundle.make(seed: seed)
            try bundle.write(path: "\(folder)/a.weir")
            #expect(run("copy_bundle.py", "\(folder)/a.weir", "\(folder)/b.weir") == 0)
            let copy = try Bundle.read(path: "\(folder)/b.weir")
            #expect(copy.hasContent(of: bundle))
            #expect(copy.identity == bundle.identity)
        }
    }

    @Test func `numpy opens our arrays`() throws {
        try TestFiles.withFolder { folder in
            for (name, shape) in [
                ("a", FrameShape(tokenDimension: 6)), ("b", FrameShape(tokens: 3, tokenDimension: 2)),
            ] {
                let array = FrameArray(shape: shape, values: (0..<24).map { Float($0) / 3 })
                try array.write(path: "\(folder)/\(name).npy")
            }
            #expect(run("check_arrays.py", "\(folder)/a.npy", "\(folder)/b.npy") == 0)
        }
    }

    private func run(_ script: String, _ arguments: String...) -> CInt {
        let python = python ?? "python3"
        let words = [python, "\(TestFiles.sources)/Python/\(script)"] + arguments
        return TestFiles.run(words.map { "'\($0)'" }.joined(separator: " "))
    }
}
