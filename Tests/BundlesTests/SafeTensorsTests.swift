import Bundles
import Testing

@Suite struct SafeTensorsTests {
    @Test func `a file is laid out as the format says`() {
        let bytes = SafeTensors.serialize(
            metadata: ["b": "é\n", "a": "\"\\"],
            [
                .init("small", shape: [3], integers: [1, 2, 0x0304] as [UInt16]),
                .init("z", shape: [1, 2], floats: [1, -2]),
                .init("a", shape: [], floats: [0.5]),
                .init("wide", shape: [1], integers: [5] as [UInt64]),
                .init("none", shape: [0, 7], floats: []),
            ])
        let header =
            #"{"__metadata__":{"a":"\"\\","b":"é\n"},"wide":{"dtype":"U64","shape":[1],"data_offsets":[0,8]},"#
            + #""a":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"#
            + #""none":{"dtype":"F32","shape":[0,7],"data_offsets":[12,12]},"#
            + #""z":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]},"#
            + #""small":{"dtype":"U16","shape":[3],"data_offsets":[20,26]}}"#
        let padded = Array(header.utf8) + Array(repeating: 0x20, count: (8 - header.utf8.count % 8) % 8)
        let data: [UInt8] = [
            5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1, 0, 2, 0, 4, 3,
        ]
        #expect(bytes == file(header: padded, data: data))
    }

    @Test func `tensors and metadata come back`() throws {
        let file = try SafeTensors(
            parsing: SafeTensors.serialize(
                metadata: ["k": "v\u{1}\u{1F600}\t"],
                [
                    .init("f", shape: [2, 1], floats: [1.5, -0.0]),
                    .init("u", shape: [2], integers: [0, .max] as [UInt64]),
                ]))
        #expect(file.metadata == ["k": "v\u{1}\u{1F600}\t"])
        let floats = try #require(file.tensors["f"])
        #expect(floats.shape == [2, 1])
        #expect(try file.floats(of: floats).map(\.bitPattern) == [0x3FC0_0000, 0x8000_0000])
        let integers = try #require(file.tensors["u"])
        #expect(file.integers(UInt64.self, of: integers) == [0, .max])
        #expect(
            message { try file.floats(of: integers) }
                == "tensor u: its dtype is U64; allowed are F64, F32, F16 and BF16")
    }

    @Test(
        arguments: [
            ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]), ("F32", [0, 0, 0xC0, 0x3F]), ("F16", [0, 0x3E]),
            ("BF16", [0xC0, 0x3F]),
        ] as [(String, [UInt8])])
    func `floats of every type are read`(type: String, data: [UInt8]) throws {
        let file = try SafeTensors(
            parsing: file(#"{"x":{"dtype":"\#(type)","shape":[1],"data_offsets":[0,\#(data.count)]}}"#, data))
        let tensor = try #require(file.tensors["x"])
        #expect(try file.floats(of: tensor) == [1.5])
    }

    /// A header with 8 bytes of data, and what the reader says.
    static let faults: [(String, String)] = [
        (#"["#, "byte 8: the header must begin with an opening brace"),
        (#" {}"#, "byte 8: the header must begin with an opening brace"),
        (#"{"x":1"#, "byte 16: the header is not JSON: expected a comma or a closing brace"),
        (#"{} x"#, "byte 11: the header is not JSON: there is more after the end of the JSON value"),
        (#"{"x":1,"x":2}"#, "byte 15: the header is not JSON: the key \"x\" comes twice"),
        (#"{"x":1,"\u0078":2}"#, "byte 15: the header is not JSON: the key \"x\" comes twice"),
        ("{\"\u{1}\":1}", "byte 10: the header is not JSON: a control character in a string"),
        (#"{"\ud800":1}"#, "byte 16: the header is not JSON: half a surrogate pair"),
        (#"{"\q":1}"#, "byte 12: the header is not JSON: an unknown escape in a string"),
        (#"{"x":01}"#, "byte 14: the header is not JSON: expected a comma or a closing brace"),
        (#"{"x":1.}"#, "byte 15: the header is not JSON: expected a digit"),
        (
            #"{"x":"# + String(repeating: "[", count: 100000),
            "byte 29: the header is not JSON: more than 16 levels of nesting"
        ),
        (#"{"__metadata__":{"a":1}}"#, #"__metadata__: the value of "a" must be a string"#),
        (#"{"__metadata__":[]}"#, "__metadata__: the metadata must be an object of strings"),
        (#"{"x":7}"#, "tensor x: it must have the keys dtype, shape and data_offsets, and no other"),
        (
            #"{"x":{"dtype":"F32","shape":[2]}}"#,
            "tensor x: it must have the keys dtype, shape and data_offsets, and no other"
        ),
        (
            tensor("F33", "[2]", "[0,8]"),
            "tensor x: its dtype is unknown; allowed are F64, I64, U64, F32, I32, U32, F16, BF16, I16, U16, I8, U8, BOOL"
        ),
        (tensor("F32", "[-2]", "[0,8]"), "tensor x: its shape must be at most 8 integers of 0 or more"),
        (tensor("F32", "[2.0]", "[0,8]"), "tensor x: its shape must be at most 8 integers of 0 or more"),
        (
            tensor("F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]"),
            "tensor x: its shape must be at most 8 integers of 0 or more"
        ),
        (
            tensor("F32", "[9223372036854775808]", "[0,8]"),
            "tensor x: its shape must be at most 8 integers of 0 or more"
        ),
        (
            tensor("F32", "[4611686018427387904,4]", "[0,8]"),
            "tensor x: its shape [4611686018427387904, 4] has more elements than any file"
        ),
        (
            tensor("F32", "[3]", "[0,8]"),
            "tensor x: its data_offsets span 8 bytes; shape [3] of F32 takes 12"
        ),
        (
            tensor("F32", "[2]", "[8,0]"),
            "tensor x: its data_offsets must be two ascending integers within the file's 8 bytes of data"
        ),
        (
            tensor("F32", "[4]", "[0,16]"),
            "tensor x: its data_offsets must be two ascending integers within the file's 8 bytes of data"
        ),
        (
            tensor("F32", "[2]", "[0]"),
            "tensor x: its data_offsets must be two ascending integers within the file's 8 bytes of data"
        ),
        (
            tensor("F32", "[1]", "[4,8]"),
            "tensor x: its data begin at byte DATA+4, a gap after what ends at byte DATA+0"
        ),
        (tensor("F32", "[1]", "[0,4]"), "byte DATA+4: 4 bytes that belong to no tensor"),
        (
            tensors("a", "F32", "[0,8]", "[2]", "b", "F32", "[4,8]", "[1]"),
            "tensor b: its data begin at byte DATA+4, an overlap with what ends at byte DATA+8"
        ),
        (
            tensors("a", "U16", "[0,4]", "[2]", "b", "F32", "[4,8]", "[1]"),
            "tensor b: F32 data after narrower data; widest come first"
        ),
    ]

    @Test(arguments: faults)
    func `faults of the header are named`(header: String, expected: String) {
        let bytes = file(header, Array(repeating: 0, count: 8))
        let dataStart = bytes.count - 8
        let expected =
            expected
            .replacing("DATA+0", with: "\(dataStart)").replacing("DATA+4", with: "\(dataStart + 4)")
            .replacing("DATA+8", with: "\(dataStart + 8)")
        #expect(message { try SafeTensors(parsing: bytes) } == expected)
    }

    @Test(
        arguments: [
            ([], "byte 0: the file has 0 bytes; its header length alone takes 8"),
            ([1, 2, 3], "byte 0: the file has 3 bytes; its header length alone takes 8"),
            (
                Array(repeating: 255, count: 16),
                "byte 0: the header is said to have 18446744073709551615 bytes; 8 are there"
            ),
            (
                [9, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D, 0, 0, 0, 0, 0, 0],
                "byte 0: the header is said to have 9 bytes; 8 are there"
            ),
            (
                [2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D],
                "byte 0: the header has 2 bytes; it must be padded to a multiple of 8"
            ),
            ([0, 0, 0, 0, 0, 0, 0, 0], "byte 8: the header must begin with an opening brace"),
        ] as [([UInt8], String)])
    func `faults of the length are named`(bytes: [UInt8], expected: String) {
        #expect(message { try SafeTensors(parsing: bytes) } == expected)
    }

    @Test func `a header above the limit is refused before it is parsed`() {
        let header = "{}" + String(repeating: " ", count: SafeTensors.longestHeader)
        #expect(
            message { try SafeTensors(parsing: file(header, [])) }
                == "byte 0: the header has 4194312 bytes; at most 4194304 are allowed")
    }

    @Test func `other programs' layouts are read where they are allowed`() throws {
        // Narrow before wide, a header of an odd length, and a type that is not known here.
        let header =
            #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"q":{"dtype":"F4","shape":[8],"data_offsets":[4,8]},"#
            + #""w":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
        let bytes = file(header: Array(header.utf8), data: [0, 0x3E, 0, 0xBE, 9, 9, 9, 9, 0, 0, 0xC0, 0x3F])
        #expect(throws: BundleError.self) { try SafeTensors(parsing: bytes) }
        let foreign = try SafeTensors(parsing: bytes, .foreign)
        #expect(foreign.tensors.keys.sorted() == ["h", "w"])
        #expect(try foreign.floats(of: try #require(foreign.tensors["h"])) == [1.5, -1.5])
        #expect(try foreign.floats(of: try #require(foreign.tensors["w"])) == [1.5])
        for count in bytes.indices {
            #expect(throws: BundleError.self, "\(count) bytes") {
                try SafeTensors(parsing: Array(bytes[..<count]), .foreign)
            }
        }
    }

    @Test(arguments: [("[0,4]", "[8,12]", "a gap"), ("[0,8]", "[4,8]", "an overlap")])
    func `gaps and overlaps are refused even with types that are not known`(
        first: String, second: String, fault: String
    ) throws {
        let header = Self.tensors("a", "F8", first, "[1]", "b", "F8", second, "[1]")
        let text = message {
            try SafeTensors(parsing: file(header, Array(repeating: 0, count: 12)), .foreign)
        }
        #expect(text.contains(fault))
    }

    private static func tensor(_ type: String, _ shape: String, _ offsets: String) -> String {
        #"{"x":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
    }

    private static func tensors(_ parts: String...) -> String {
        "{"
            + stride(from: 0, to: parts.count, by: 4).map { first in
                #""\#(parts[first])":{"dtype":"\#(parts[first + 1])","#
                    + #""data_offsets":\#(parts[first + 2]),"shape":\#(parts[first + 3])}"#
            }.joined(separator: ",") + "}"
    }

    private func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
        let count = header.utf8.count
        return file(
            header: Array(header.utf8) + Array(repeating: 0x20, count: (8 - count % 8) % 8), data: data)
    }

    private func file(header: [UInt8], data: [UInt8]) -> [UInt8] {
        (0..<8).map { UInt8(header.count >> ($0 * 8) & 0xFF) } + header + data
    }
}
