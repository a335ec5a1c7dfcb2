import Quantization
import Testing
import TestSupport

@Suite struct BlockTests {
    static let shapes = [
        FrameShape(tokenDimension: 1), FrameShape(tokenDimension: 16),
        FrameShape(tokens: 5, tokenDimension: 3),
    ]

    /// The first codec of each shape has one token group, the last a group for each token.
    static let cases = shapes.map { ($0, 1) } + [(shapes[2], 5)]

    /// What decoding the encoder's codes without any entropy coding gives.
    private func expected(_ codec: FrameCodec, codes: [UInt16], frames: Int, rung: Int) -> [Float] {
        var values = [Float](repeating: .nan, count: frames * codec.dimension)
        var room = values.mutableSpan
        codec.quantizer.decode(codes.span, rung: rung, into: &room)
        return values.enumerated().map { index, value in
            codec.normalization.mean[index % codec.dimension] + codec.normalization.scale * value
        }
    }

    private func payload(_ encoder: borrowing FrameEncoder) -> [UInt8] {
        encoder.withPayload { bytes in bytes.indices.map { bytes[$0] } }
    }

    @Test(arguments: cases)
    func aMemoChangesNoCode(shape: FrameShape, tokenGroups: Int) {
        let codec = Fixture.codec(shape: shape, tokenGroups: tokenGroups)
        // The second has room for some of the frames only.
        for memo in [CodeMemo(codec: codec), CodeMemo(codec: codec, maximumBytes: 200)] {
            var plain = FrameEncoder(codec: codec, maximumFramesPerBlock: 8)
            var remembering = FrameEncoder(codec: codec, maximumFramesPerBlock: 8, memo: memo)
            var generator = SeededGenerator(seed: 3)
            let pool = Fixture.frames(12, for: codec, using: &generator)
            for step in 0..<300 {
                let rung = Int.random(in: codec.ladder.rungs.indices, using: &generator)
                let count = Int.random(in: 1...8, using: &generator)
                let first = Int.random(in: 0...12 - count, using: &generator)
                let frames = pool.span.extracting(
                    first * codec.dimension..<(first + count) * codec.dimension)
                plain.quantize(frames, count: count, rung: rung)
                remembering.quantize(frames, count: count, rung: rung)
                let codes = plain.withCodes { codes in codes.indices.map { codes[$0] } }
                let remembered = remembering.withCodes { codes in codes.indices.map { codes[$0] } }
                #expect(codes == remembered, "step \(step)")
                #expect(plain.code() == remembering.code(), "step \(step)")
                #expect(payload(plain) == payload(remembering), "step \(step)")
                #expect(abs(plain.mse - remembering.mse) <= 1e-9 * plain.mse, "step \(step)")
            }
        }
    }

    @Test(arguments: cases)
    func everyRungComesBack(shape: FrameShape, tokenGroups: Int) throws {
        let codec = Fixture.codec(shape: shape, tokenGroups: tokenGroups)
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 64)
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: 64)
        var seen: Set<BlockCoding> = []
        for seed in UInt64(0)..<10 {
            var generator = SeededGenerator(seed: seed)
            for rung in codec.ladder.rungs.indices {
                let count = seed == 0 ? 64 : Int.random(in: 1...64, using: &generator)
                let frames = Fixture.frames(count, for: codec, using: &generator)
                encoder.quantize(frames.span, count: count, rung: rung)
                let codes = encoder.withCodes { codes in codes.indices.map { codes[$0] } }
                #expect(codes.count == count * codec.quantizer.symbolsPerFrame(rung: rung))
                let block = encoder.code()
                let bytes = payload(encoder)
                seen.insert(block.coding)
                #expect(block.byteCount == bytes.count)
                let nominal = codec.ladder.rungs[rung].nominalBits(tokens: shape.tokens) * Double(count)
                #expect(Double(8 * bytes.count) <= nominal + 8, "seed \(seed), rung \(rung)")

                var decoded = [Float](repeating: .nan, count: frames.count)
                try decoder.decode(bytes, coding: block.coding, rung: rung, frameCount: count, into: &decoded)
                #expect(
                    decoded == expected(codec, codes: codes, frames: count, rung: rung),
                    "seed \(seed), rung \(rung)")
                let squaredError = zip(frames, decoded).reduce(0.0) { sum, pair in
                    sum + Double(pair.0 - pair.1) * Double(pair.0 - pair.1)
                }
                let mse = squaredError / Double(frames.count)
                #expect(abs(encoder.mse - mse) <= 1e-3 * mse + 1e-8, "seed \(seed), rung \(rung)")
            }
        }
        // The tables' guesses are wrong, so that most blocks but not all would be larger by them.
        #expect(seen == [.tables, .uniform])
    }

    @Test(arguments: [1, 5]) func partsOfFramesDecodeIntoOnePlace(tokenGroups: Int) throws {
        let codec = Fixture.codec(shape: FrameShape(tokens: 5, tokenDimension: 3), tokenGroups: tokenGroups)
        var generator = SeededGenerator(seed: 8)
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 4)
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: 4)
        let frames = Fixture.frames(4, for: codec, using: &generator)
        encoder.quantize(frames.span, count: 4, rung: 6)
        let whole = expected(
            codec, codes: encoder.withCodes { codes in codes.indices.map { codes[$0] } }, frames: 4, rung: 6)

        var decoded = [Float](repeating: .nan, count: whole.count)
        for tokens in [3..<5, 0..<1, 1..<3] {
            let block = encoder.code(tokens: tokens)
            let bytes = payload(encoder)
            try decoder.decode(
                bytes, coding: block.coding, rung: 6, frameCount: 4, tokens: tokens, into: &decoded)
        }
        #expect(decoded == whole)

        let block = encoder.code(frames: 1..<3)
        let bytes = payload(encoder)
        var middle = [Float](repeating: .nan, count: 2 * codec.dimension)
        try decoder.decode(bytes, coding: block.coding, rung: 6, frameCount: 2, into: &middle)
        #expect(middle == Array(whole[codec.dimension..<3 * codec.dimension]))
    }

    /// Truncated at each length, with each byte flipped, and made up.
    @Test func anyPayloadGivesFramesOrAnError() throws {
        let codec = Fixture.codec(shape: FrameShape(tokens: 2, tokenDimension: 4))
        var generator = SeededGenerator(seed: 9)
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 8)
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: 8)
        var decoded = [Float](repeating: 0, count: 8 * codec.dimension)
        var decodedBlocks = 0
        for rung in codec.ladder.rungs.indices {
            encoder.quantize(Fixture.frames(8, for: codec, using: &generator).span, count: 8, rung: rung)
            _ = encoder.code()
            let bytes = payload(encoder)
            var hostile = (0...bytes.count).map { Array(bytes[..<$0]) }
            hostile += bytes.indices.map { position in
                var flipped = bytes
                flipped[position] ^= UInt8.random(in: 1...255, using: &generator)
                return flipped
            }
            hostile += (0..<200).map { _ in
                (0..<Int.random(in: 0...bytes.count, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
            }
            hostile += [Array(repeating: 0xFF, count: bytes.count)]
            for bytes in hostile {
                for coding in [BlockCoding.tables, .uniform] {
                    try decoder.decode(bytes, coding: coding, rung: rung, frameCount: 8, into: &decoded)
                    #expect(decoded.allSatisfy { $0.isFinite })
                    decodedBlocks += 1
                }
            }
        }
        #expect(decodedBlocks > 3000)
    }

    @Test func impossibleBlocksAreRefused() {
        let codec = Fixture.codec(shape: FrameShape(tokens: 2, tokenDimension: 4))
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: 8)
        var frames = [Float](repeating: 0, count: codec.dimension)
        func refusal(
            _ byteCount: Int, rung: Int = 7, frameCount: Int = 1, tokens: Range<Int>? = nil
        ) -> BlockError? {
            let bytes = [UInt8](repeating: 0xFF, count: byteCount)
            do {
                try decoder.decode(
                    bytes, coding: .tables, rung: rung, frameCount: frameCount, tokens: tokens, into: &frames)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(7) == nil)
        #expect(refusal(8) == .payloadTooLong(8, maximum: 7))
        #expect(refusal(1 << 20) == .payloadTooLong(1 << 20, maximum: 7))
        #expect(refusal(5, tokens: 1..<2) == .payloadTooLong(5, maximum: 4))
        #expect(refusal(1, rung: 8) == .unknownRung(8, rungs: 8))
        #expect(refusal(1, rung: -1) == .unknownRung(-1, rungs: 8))
        #expect(refusal(1, frameCount: 0) == .frameCount(0, maximum: 8))
        #expect(refusal(1, frameCount: .max) == .frameCount(.max, maximum: 8))
        #expect(refusal(1, tokens: 0..<3) == .tokenRange(0..<3, tokens: 2))
        #expect(refusal(1, tokens: 1..<1) == .tokenRange(1..<1, tokens: 2))
        #expect(refusal(1, tokens: -1..<1) == .tokenRange(-1..<1, tokens: 2))
        #expect(
            "\(BlockError.payloadTooLong(9, maximum: 7))"
                == "block payload of 9 bytes: at most 7 are possible at this rung")
    }
}

extension FrameDecoder {
    /// Decodes between arrays.
    mutating func decode(
        _ payload: [UInt8], coding: BlockCoding, rung: Int, frameCount: Int, tokens: Range<Int>? = nil,
        into frames: inout [Float]
    ) throws(BlockError) {
        var room = frames.mutableSpan
        let payload = unsafe payload.span.bytes
        try decode(
            payload: payload, coding: coding, rung: rung, frameCount: frameCount, tokens: tokens, into: &room)
    }
}
