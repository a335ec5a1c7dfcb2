import Bundles
import Testing

/// Bundles that are sound safetensors files but wrong in one thing.
@Suite struct BundleFaultTests {
    /// A change of the JSON document, by replacing text, and what the reader says.
    static let documentFaults: [(String, String, String)] = [
        ("\"format\":2", "\"format\":3", "metadata weir: format 3 is unknown; allowed is 1...2"),
        (
            "\"format\":2", "\"format\":1",
            "metadata weir: rungs[0]: the key \"lambda\" is unknown to this version"
        ),
        (
            "\"token_groups\":1", "\"token_groups\":3",
            "metadata weir: token_groups must be an integer in 1...2"
        ),
        (
            "\"token_groups\":1", "\"token_groups\":2",
            "tensor stage.0.base: it is F32 of shape [8, 3]; F32 of shape [2, 8, 3] is needed"
        ),
        (
            "\"tokens\":2,\"token_dimension\":3,\"token_groups\":1",
            "\"tokens\":65536,\"token_dimension\":1,\"token_groups\":65536",
            "metadata weir: 65536 token groups have 327680 tables and 327680 codebooks; at most 131072 of each are allowed"
        ),
        (
            "\"lambda\":0.25", "\"lambda\":1000001",
            "metadata weir: rungs[1]: lambda is 1000001.0; allowed is 0.0...1000000.0"
        ),
        (
            "\"lambda\":0.25", "\"lambda\":-0.25",
            "metadata weir: rungs[1]: lambda must be a finite number of 0 or more"
        ),
        ("\"format\":2,", "", "metadata weir: the key \"format\" is missing"),
        ("\"tokens\":2", "\"tokens\":0", "metadata weir: tokens must be an integer in 1...65536"),
        (
            "\"tokens\":2", "\"tokens\":65536",
            "metadata weir: a frame of 65536 tokens of 3 values; at most 65536 values are allowed"
        ),
        (
            "\"tokens\":2", "\"tokens\":1",
            "tensor normalization.mean: it is F32 of shape [6]; F32 of shape [3] is needed"
        ),
        (
            "\"tokens\":2", "\"tokens\":99999999999999999999",
            "metadata weir: tokens must be an integer in 1...65536"
        ),
        (
            "\"tokens\":2", "\"tokens\":2,\"tokens\":2",
            "metadata weir: this is not JSON: byte 23: the key \"tokens\" comes twice"
        ),
        ("\"beam_width\":3", "\"beam_width\":33", "metadata weir: beam_width must be an integer in 1...32"),
        (
            "\"beam_width\":3", "\"beam_width\":3,\"speed\":1",
            "metadata weir: the key \"speed\" is unknown to this version"
        ),
        (
            "\"adapted\":[2,4]", "\"adapted\":[4,2]",
            "metadata weir: stages[0]: adapted sizes must ascend and differ from the base codebook's"
        ),
        (
            "\"adapted\":[2,4]", "\"adapted\":[2,8]",
            "metadata weir: stages[0]: adapted sizes must ascend and differ from the base codebook's"
        ),
        (
            "\"adapted\":[2,4]", "\"adapted\":[2]",
            "metadata weir: rungs[2]: stage 0 is used at size 4, which it has no codebook of"
        ),
        ("\"adapted\":[2,4]", "\"adapted\":[2,4,9]", "tensor stage.0.k9: it is missing"),
        (
            "\"adapted\":[2,4]", "\"adapted\":[2,4.5]",
            "metadata weir: stages[0]: adapted must hold integers in 1...16384"
        ),
        (
            "\"base\":8", "\"base\":16385",
            "metadata weir: stages[0]: base must be an integer in 1...16384"
        ),
        (
            "\"base\":8", "\"base\":7",
            "metadata weir: rungs[1]: stage 0 is used at size 8, which it has no codebook of"
        ),
        ("\"sizes\":[2]", "\"sizes\":[]", "metadata weir: rungs[0]: 0 stages are used; there are 2"),
        ("\"sizes\":[2]", "\"sizes\":[2,5,5]", "metadata weir: rungs[0]: 3 stages are used; there are 2"),
        ("\"mse\":0.75", "\"mse\":-1", "metadata weir: rungs[0]: mse must be a finite number of 0 or more"),
        (
            "\"mse\":0.75", "\"mse\":1e999",
            "metadata weir: rungs[0]: mse must be a finite number of 0 or more"
        ),
        (
            "\"coded_bits_per_frame\":1.9", "\"coded_bits_per_frame\":12",
            "metadata weir: rungs must ascend by coded_bits_per_frame"
        ),
        ("\"statistics\":true", "\"statistics\":1", "metadata weir: statistics must be true or false"),
        (
            "\"statistics\":true", "\"statistics\":false",
            "tensor stage.0.count: no such tensor belongs to this bundle"
        ),
        (
            "\"seed\":18446744073709551615", "\"seed\":18446744073709551616",
            "metadata weir: provenance: seed must be an integer in 0...18446744073709551615"
        ),
        (
            "\"adaptation\":\"dkm\"", "\"adaptation\":3",
            "metadata weir: provenance: adaptation must be a string"
        ),
        (
            "\"adaptation\":\"dkm\"", "\"adaptation\":\"dkm\",\"variance\":-1",
            "metadata weir: provenance: variance must be a finite number of 0 or more"
        ),
        (
            "{\"format\"", "[\"format\"",
            "metadata weir: this is not JSON: byte 9: expected a comma or a closing bracket"
        ),
    ]

    @Test(arguments: documentFaults)
    func `faults of the document are named`(old: String, new: String, expected: String) throws {
        let file = try SafeTensors(parsing: SampleBundle.make(seed: 1).serialized())
        let text = try #require(file.metadata["weir"])
        let changed = text.replacing(old, with: new)
        #expect(changed != text, "the fault is not in the document")
        let bytes = SafeTensors.serialize(metadata: ["weir": changed], try entries(of: file))
        #expect(message { try Bundle(parsing: bytes) } == expected)
    }

    @Test func `a safetensors file without a document is no bundle`() throws {
        let bytes = SafeTensors.serialize(metadata: ["format": "pt"], [])
        #expect(
            message { try Bundle(parsing: bytes) }
                == "__metadata__: the key \"weir\" is missing; this is no bundle")
    }

    /// A tensor in the place of the one of the same name, and what the reader says.
    static let tensorFaults: [(SafeTensors.Entry, String)] = [
        (
            .init("normalization.scale", shape: [1], floats: [0]),
            "tensor normalization.scale: it is 0.0; allowed is 1e-18...1e+18"
        ),
        (
            .init("normalization.scale", shape: [1], floats: [.leastNonzeroMagnitude]),
            "tensor normalization.scale: it is 1e-45; allowed is 1e-18...1e+18"
        ),
        (
            .init("normalization.scale", shape: [1], floats: [2e18]),
            "tensor normalization.scale: it is 2e+18; allowed is 1e-18...1e+18"
        ),
        (
            .init("normalization.mean", shape: [6], floats: [0, 0, 0, -2e38, 0, 0]),
            "tensor normalization.mean: element 3 is -2e+38; a magnitude of at most 1e+38 is allowed"
        ),
        (
            .init("stage.0.count", shape: [8], integers: [1 << 53, 0, 0, 1, 0, 0, 0, 0] as [UInt64]),
            "tensor stage.0.count: its sum is above 9007199254740992, the most that is allowed"
        ),
        (
            .init("stage.0.count", shape: [8], integers: Array(repeating: UInt64.max, count: 8)),
            "tensor stage.0.count: its sum is above 9007199254740992, the most that is allowed"
        ),
        (
            .init("normalization.mean", shape: [6], floats: [0, 0, 0, 0, .infinity, 0]),
            "tensor normalization.mean: element 4 is inf; only finite values are allowed"
        ),
        (
            .init("stage.0.k2", shape: [2, 3], floats: [0, .nan, 0, 0, 0, 0]),
            "tensor stage.0.k2: element 1 is nan; only finite values are allowed"
        ),
        (
            .init("stage.0.k2", shape: [2, 3], floats: [0, 0, 0, 0, 0, -2e15]),
            "tensor stage.0.k2: element 5 is -2e+15; a magnitude of at most 1e+15 is allowed"
        ),
        (
            .init("stage.0.k2", shape: [3, 2], floats: [0, 0, 0, 0, 0, 0]),
            "tensor stage.0.k2: it is F32 of shape [3, 2]; F32 of shape [2, 3] is needed"
        ),
        (
            .init("stage.0.mean", shape: [8, 3], floats: Array(repeating: 2e15, count: 24)),
            "tensor stage.0.mean: element 0 is 2e+15; a magnitude of at most 1e+15 is allowed"
        ),
        (
            .init("stage.0.spread", shape: [8, 2, 3], floats: Array(repeating: 0, count: 48)),
            "tensor stage.0.spread: it is F32 of shape [8, 2, 3]; F32 of shape [8, 3, 3] is needed"
        ),
        (
            .init("stage.0.map.k2", shape: [8], integers: [0, 1, 0, 0, 2, 0, 0, 0] as [UInt16]),
            "tensor stage.0.map.k2: element 4 is 2; allowed are 0...1"
        ),
        (
            .init("table.0.0", shape: [2], integers: [32768, 0] as [UInt16]),
            "tensor table.0.0: the frequency of symbol 1 is 0; at least 1 is allowed"
        ),
        (
            .init("table.0.0", shape: [2], integers: [32767, 32767] as [UInt16]),
            "tensor table.0.0: the frequencies sum to 65534; they must sum to 32768"
        ),
        (
            .init("table.0.0", shape: [2], integers: [1, 1] as [UInt64]),
            "tensor table.0.0: it is U64 of shape [2]; U16 of shape [2] is needed"
        ),
        (
            .init("stage.9.base", shape: [1], floats: [0]),
            "tensor stage.9.base: no such tensor belongs to this bundle"
        ),
    ]

    @Test(arguments: tensorFaults)
    func `faults of tensors are named`(fault: SafeTensors.Entry, expected: String) throws {
        let file = try SafeTensors(parsing: SampleBundle.make(seed: 1).serialized())
        let entries = try entries(of: file).filter { $0.name != fault.name } + [fault]
        let bytes = SafeTensors.serialize(metadata: file.metadata, entries)
        #expect(message { try Bundle(parsing: bytes) } == expected)
    }

    @Test(arguments: ["normalization.mean", "stage.1.base", "stage.1.mean", "table.2.1"])
    func `a missing tensor is named`(name: String) throws {
        let file = try SafeTensors(parsing: SampleBundle.make(seed: 1).serialized())
        let bytes = SafeTensors.serialize(
            metadata: file.metadata, try entries(of: file).filter { $0.name != name })
        #expect(message { try Bundle(parsing: bytes) } == "tensor \(name): it is missing")
    }

    private func entries(of file: SafeTensors) throws -> [SafeTensors.Entry] {
        try file.tensors.values.map { tensor in
            switch tensor.type {
            case .uint16:
                .init(tensor.name, shape: tensor.shape, integers: file.integers(UInt16.self, of: tensor))
            case .uint64:
                .init(tensor.name, shape: tensor.shape, integers: file.integers(UInt64.self, of: tensor))
            default: .init(tensor.name, shape: tensor.shape, floats: try file.floats(of: tensor))
            }
        }
    }
}
