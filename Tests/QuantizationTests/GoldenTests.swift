import Quantization
import Testing
import TestSupport

/// Codes and decoded frames must stay the same, to the bit, from version to version and machine to machine:
/// an agent and a collector of different versions share bundles.
@Suite struct GoldenTests {
    /// FNV-1a.
    private func digest<Words: Sequence<UInt32>>(_ words: Words) -> UInt64 {
        words.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// Without tables of products and with them.
    @Test(arguments: [
        (21, codes: 10_768_937_122_650_984_067, values: 8_701_501_116_378_713_667),
        (36, codes: 15_107_909_920_469_606_274, values: 11_703_767_957_149_106_734),
    ])
    func codesAndFramesAreTheSameForEver(tokenDimension: Int, codes expectedCodes: UInt64, values: UInt64) {
        let codec = Fixture.codec(shape: FrameShape(tokens: 3, tokenDimension: tokenDimension), seed: 2026)
        var generator = SeededGenerator(seed: 6)
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 16)
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: 16)
        var codes: [UInt32] = []
        var bits: [UInt32] = []
        var decoded = [Float](repeating: 0, count: 16 * codec.dimension)
        for rung in codec.ladder.rungs.indices {
            let frames = Fixture.frames(16, for: codec, using: &generator)
            encoder.quantize(frames.span, count: 16, rung: rung)
            encoder.withCodes { span in
                for index in span.indices { codes.append(UInt32(span[index])) }
            }
            let block = encoder.code()
            let payload = encoder.withPayload { bytes in bytes.indices.map { bytes[$0] } }
            #expect(throws: Never.self) {
                try decoder.decode(payload, coding: block.coding, rung: rung, frameCount: 16, into: &decoded)
            }
            bits += decoded.map(\.bitPattern)
        }
        #expect(digest(codes) == expectedCodes)
        #expect(digest(bits) == values)
    }
}
