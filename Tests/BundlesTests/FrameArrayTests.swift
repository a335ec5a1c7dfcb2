import Bundles
import Quantization
import Testing
import TestSupport

@Suite struct FrameArrayTests {
    /// Written by numpy, see Golden/README.md: the values 0, 0.5, 1, ... in C order.
    @Test(
        arguments: [
            ("f2-version1.npy", 4, 1, 3), ("f4-version1.npy", 4, 1, 3), ("f8-version1.npy", 4, 1, 3),
            ("f4-version2.npy", 4, 1, 3), ("f4-version3.npy", 4, 1, 3), ("f4-tokens.npy", 2, 3, 2),
            ("f4-empty.npy", 0, 1, 3),
        ])
    func `numpy's files are read`(name: String, count: Int, tokens: Int, tokenDimension: Int) throws {
        let array = try FrameArray.read(path: "\(TestFiles.sources)/Golden/\(name)")
        #expect(array.shape == FrameShape(tokens: tokens, tokenDimension: tokenDimension))
        #expect(array.count == count)
        #expect(array.values == (0..<count * tokens * tokenDimension).map { Float($0) / 2 })
    }

    @Test(
        arguments: [
            (
                "bad-big-endian.npy",
                "byte 20: the element type '>f4' is big-endian; allowed are '<f2', '<f4' and '<f8'"
            ),
            (
                "bad-integers.npy",
                "byte 20: the element type '<i4' is not float16, float32 or float64; allowed are '<f2', '<f4' and '<f8'"
            ),
            (
                "bad-objects.npy",
                "byte 20: the element type '|O' is an array of Python objects; allowed are '<f2', '<f4' and '<f8'"
            ),
            (
                "bad-records.npy",
                "byte 20: this is an array of records; allowed are '<f2', '<f4' and '<f8'"
            ),
            (
                "bad-fortran.npy",
                "the array is in Fortran order; only C order is allowed (numpy.ascontiguousarray)"
            ),
            (
                "bad-one-dimension.npy",
                "the array has 1 dimensions; frames × dimension or frames × tokens × token dimension is needed"
            ),
            (
                "bad-no-dimension.npy",
                "the array has 0 dimensions; frames × dimension or frames × tokens × token dimension is needed"
            ),
            ("bad-no-values.npy", "shape [4, 0]: a frame must have 1 to 65536 values"),
        ])
    func `numpy's other files are refused`(name: String, expected: String) {
        let path = "\(TestFiles.sources)/Golden/\(name)"
        #expect(message { try FrameArray.read(path: path) } == "\(path): \(expected)")
    }

    /// A header in a version 1 file with 24 bytes of values, and what the reader says.
    static let faults: [(String, String)] = [
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }",
            "byte 69: 24 bytes of data; shape [3, 3] of 4-byte floats takes 36"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }",
            "byte 69: 24 bytes of data; shape [1, 3] of 4-byte floats takes 12"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4)}",
            "byte 85: 24 bytes of data; shape [9223372036854775807, 4] of 4-byte floats takes more than any file has"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808, 4)}",
            "byte 61: the header must have an integer below 2^63 here"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4611686018427387904, 4)}",
            "byte 88: 24 bytes of data; shape [2, 4611686018427387904, 4] of 4-byte floats takes more than any file has"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3)}",
            "byte 64: the header must have an integer below 2^63 here"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False}",
            "the header must have the keys descr, fortran_order and shape"
        ),
        (
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
            "byte 27: the header's key 'descr' is unknown or comes twice"
        ),
        (
            "{'descr': '<f4', 'order': False, 'shape': (2, 3)}",
            "byte 27: the header's key 'order' is unknown or comes twice"
        ),
        (
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}",
            "byte 44: the header must have True or False here"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} + 1",
            "byte 68: the header must have the end of the header here"
        ),
        ("{'descr': '<f4", "byte 24: the header must have ''' here"),
        ("[]", "byte 10: the header must have '{' here"),
        ("", "byte 10: the header must have '{' here"),
    ]

    @Test(arguments: faults)
    func `faults of the header are named`(header: String, expected: String) {
        let bytes = Self.file(header, values: Array(repeating: 0, count: 24))
        #expect(message { try FrameArray(parsing: bytes) } == expected)
    }

    @Test(
        arguments: [
            ([], "byte 0: this is no .npy file"),
            (Array("\u{93}NUMPY".utf8) + [1, 0, 0, 0], "byte 0: this is no .npy file"),
            (
                [0x93] + Array("NUMPY".utf8) + [4, 0, 0, 0],
                "byte 6: .npy version 4.0 is unknown; allowed are 1.0, 2.0 and 3.0"
            ),
            (
                [0x93] + Array("NUMPY".utf8) + [2, 0, 0, 0],
                "byte 8: the file ends within the header's length"
            ),
            (
                [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255, 1],
                "byte 8: the header is said to have 4294967295 bytes; 1 are there"
            ),
        ] as [([UInt8], String)])
    func `faults of the beginning are named`(bytes: [UInt8], expected: String) {
        #expect(message { try FrameArray(parsing: bytes) } == expected)
    }

    @Test(arguments: [(1, 5), (4, 2), (1, 1)])
    func `arrays come back from their bytes`(tokens: Int, tokenDimension: Int) throws {
        var generator = SeededGenerator(seed: 1)
        let shape = FrameShape(tokens: tokens, tokenDimension: tokenDimension)
        for count in 0...20 {
            let values = (0..<count * shape.dimension).map { _ in
                Float.random(in: -1e30...1e30, using: &generator)
            }
            let array = FrameArray(shape: shape, values: values)
            let bytes = array.serialized()
            #expect((bytes.count - values.count * 4).isMultiple(of: 64))
            #expect(try FrameArray(parsing: bytes) == array)
        }
    }

    @Test func `arrays come back from their files`() throws {
        try TestFiles.withFolder { folder in
            let array = FrameArray(shape: FrameShape(tokens: 2, tokenDimension: 2), values: [1, 2, 3, 4])
            try array.write(path: "\(folder)/a.npy")
            #expect(try FrameArray.read(path: "\(folder)/a.npy") == array)
            #expect(TestFiles.names(in: folder) == ["a.npy"])
        }
    }

    @Test func `the first frame that is not finite is found`() throws {
        let shape = FrameShape(tokenDimension: 2)
        #expect(FrameArray(shape: shape, values: [1, 2, 3, 4]).firstNonFiniteFrame == nil)
        #expect(FrameArray(shape: shape, values: [1, 2, 3, 4, .nan, 0]).firstNonFiniteFrame == 2)
        #expect(FrameArray(shape: shape, values: [1, 2, 3, -.infinity, .nan, 0]).firstNonFiniteFrame == 1)
        let beyondFloat: [UInt8] = [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0xE0, 0x7F]
        let bytes = Self.file(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1)}", values: beyondFloat)
        #expect(try FrameArray(parsing: bytes).firstNonFiniteFrame == 1)
    }

    @Test func `frames are divided into tokens`() {
        let array = FrameArray(shape: FrameShape(tokenDimension: 6), values: Array(repeating: 1, count: 12))
        #expect(array.divided(intoTokens: 3)?.shape == FrameShape(tokens: 3, tokenDimension: 2))
        #expect(array.divided(intoTokens: 4) == nil)
        #expect(array.divided(intoTokens: 0) == nil)
    }

    @Test func `a file cut short anywhere is refused`() {
        let bytes = TestFiles.bytes(of: "\(TestFiles.sources)/Golden/f2-version1.npy")
        #expect(bytes.count > 100)
        for count in bytes.indices {
            #expect(throws: NPYError.self, "\(count) bytes") {
                try FrameArray(parsing: Array(bytes[..<count]))
            }
        }
        #expect(throws: NPYError.self) { try FrameArray(parsing: bytes + [0]) }
    }

    /// A changed byte is refused, or changes values, or is one of those that mean nothing (padding).
    @Test(arguments: [0x01, 0x10, 0x80, 0xFF] as [UInt8])
    func `a file with any byte changed is refused or as large as before`(change: UInt8) throws {
        let bytes = TestFiles.bytes(of: "\(TestFiles.sources)/Golden/f4-tokens.npy")
        let dataStart = bytes.count - 48
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= change
            guard let array = try? FrameArray(parsing: damaged) else {
                #expect(index < dataStart, "byte \(index)")
                continue
            }
            #expect(array.values.count == 12 || array.values.count == 24, "byte \(index)")
            #expect(
                index >= dataStart || array.values.count != 12
                    || array.values == (0..<12).map { Float($0) / 2 }, "byte \(index)")
        }
    }

    @Test func `an array may have any shape`() throws {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 1, 3)}"
        let bytes = Self.file(header, values: [0, 0, 0x80, 0x3F] + Array(repeating: 0, count: 20))
        let array = try NPYArray(parsing: bytes)
        #expect(array.shape == [1, 2, 1, 3])
        #expect(array.values == [1, 0, 0, 0, 0, 0])
        #expect(NPYArray.begins(bytes) && !NPYArray.begins([1]))
    }

    private static func file(_ header: String, values: [UInt8]) -> [UInt8] {
        let count = header.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)]
            + Array(header.utf8) + values
    }
}
