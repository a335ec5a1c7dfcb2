import EntropyCoding
import Testing
import TestSupport

@Suite struct RangeCoderTests {
    /// Blocks of one and three frames of eight codes, and longer ones.
    @Test(arguments: [1, 2, 3] as [UInt64], [8, 24, 64])
    func `a message costs at most a byte above ideal, under half a byte on average`(seed: UInt64, length: Int)
    {
        var generator = SeededGenerator(seed: seed)
        var excess = 0.0
        let messages = 4000
        for _ in 0..<messages {
            let message = Message.random(length: length, using: &generator)
            let bytes = message.encoded()
            #expect(Double(bytes.count) <= message.idealBytes + 1, "seed \(seed)")
            #expect(decode(bytes, count: length, with: message.table) == message.symbols, "seed \(seed)")
            excess += Double(bytes.count) - message.idealBytes
        }
        #expect(excess / Double(messages) < 0.5, "seed \(seed)")
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `messages are the shortest ones within their interval`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let length = Int.random(in: 0...90, using: &generator)
            let message = Message.random(length: length, using: &generator)
            #expect(message.encoded() == ReferenceEncoder.encode(message), "seed \(seed)")
        }
    }

    @Test(arguments: [6, 7] as [UInt64])
    func `messages of all lengths come back, with one encoder and decoder`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var encoder = RangeEncoder(capacity: 2000)
        var decoder = RangeDecoder()
        for length in 0...900 {
            let message = Message.random(length: length, using: &generator)
            encoder.reset()
            for symbol in message.symbols {
                encoder.encode(symbol, with: message.table)
            }
            let bytes = encoder.finishedBytes()
            let span = unsafe bytes.span.bytes
            decoder.start(span)
            for symbol in message.symbols {
                #expect(decoder.decode(with: message.table, from: span) == symbol, "seed \(seed)")
            }
        }
    }

    /// A decoder fed with the number 0.5 names symbols whose interval holds 0.5, so that the encoder's
    /// `low` stays just below it, at 0x7FFF..., until the last symbol decides whether a carry runs
    /// through all of the bytes written.
    @Test(arguments: [8, 9] as [UInt64])
    func `a carry runs through a whole message`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var carried = 0
        var stayed = 0
        for _ in 0..<50 {
            let table = Message.random(length: 0, symbolCount: 60, using: &generator).table
            let prefix = decode([0x80], count: 150, with: table)
            for last in 0..<table.symbolCount {
                let message = Message(table: table, symbols: prefix + [last])
                let bytes = message.encoded()
                #expect(decode(bytes, count: 151, with: table) == message.symbols, "seed \(seed)")
                carried += bytes.starts(with: [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0]) ? 1 : 0
                stayed += bytes.starts(with: [0x7F, 255, 255, 255, 255, 255, 255, 255, 255, 255]) ? 1 : 0
            }
        }
        #expect(carried > 100 && stayed > 100, "seed \(seed): \(carried) carried, \(stayed) stayed")
    }

    @Test func `an empty message takes no byte`() {
        #expect(Message(table: FrequencyTable(counts: [1, 2]), symbols: []).encoded().isEmpty)
    }

    @Test(arguments: [0, 1, 64, 10000])
    func `the only symbol of an alphabet costs nothing`(length: Int) {
        let message = Message(
            table: FrequencyTable(counts: [7]), symbols: Array(repeating: 0, count: length))
        #expect(message.encoded().isEmpty)
        #expect(decode([], count: length, with: message.table) == message.symbols)
    }

    @Test func `the largest alphabet comes back`() {
        var generator = SeededGenerator(seed: 10)
        let message = Message.random(length: 500, symbolCount: 16384, using: &generator)
        let bytes = message.encoded()
        #expect(Double(bytes.count) <= message.idealBytes + 1)
        #expect(decode(bytes, count: 500, with: message.table) == message.symbols)
    }

    @Test(arguments: [1, 2, 3, 100, 256, 1000, 4096, 65535, 65536])
    func `uniform symbols cost log2 of their number`(size: Int) {
        var generator = SeededGenerator(seed: UInt64(size))
        let symbols = (0..<64).map { _ in Int.random(in: 0..<size, using: &generator) } + [0, size - 1]
        var encoder = RangeEncoder(capacity: 200)
        for symbol in symbols {
            encoder.encodeUniform(symbol, of: size)
        }
        let bytes = encoder.finishedBytes()
        let nominalBits = Int(Double(symbols.count) * bitsOf(size))
        #expect(bytes.count <= nominalBits / 8 + 1)
        var decoder = RangeDecoder()
        let span = unsafe bytes.span.bytes
        decoder.start(span)
        for symbol in symbols {
            #expect(decoder.decodeUniform(of: size, from: span) == symbol)
        }
    }

    @Test(arguments: [11, 12] as [UInt64])
    func `tables and uniform symbols mix in one message`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let message = Message.random(length: 40, using: &generator)
            let sizes = message.symbols.map { _ in Int.random(in: 1...5000, using: &generator) }
            let uniform = sizes.map { Int.random(in: 0..<$0, using: &generator) }
            var encoder = RangeEncoder(capacity: 300)
            for index in message.symbols.indices {
                encoder.encode(message.symbols[index], with: message.table)
                encoder.encodeUniform(uniform[index], of: sizes[index])
            }
            let bytes = encoder.finishedBytes()
            var decoder = RangeDecoder()
            let span = unsafe bytes.span.bytes
            decoder.start(span)
            for index in message.symbols.indices {
                #expect(
                    decoder.decode(with: message.table, from: span) == message.symbols[index], "seed \(seed)")
                #expect(decoder.decodeUniform(of: sizes[index], from: span) == uniform[index], "seed \(seed)")
            }
        }
    }

    @Test(arguments: [13, 14] as [UInt64])
    func `any bytes decode to symbols of the alphabet`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<3000 {
            let table = Message.random(length: 0, using: &generator).table
            let count = Int.random(in: 0...40, using: &generator)
            let bytes = (0..<count).map { _ in
                round % 3 == 0 ? UInt8(255) : UInt8.random(in: 0...255, using: &generator)
            }
            let size = Int.random(in: 1...65536, using: &generator)
            var decoder = RangeDecoder()
            let span = unsafe bytes.span.bytes
            decoder.start(span)
            for _ in 0..<100 {
                let symbol = decoder.decode(with: table, from: span)
                let uniform = decoder.decodeUniform(of: size, from: span)
                #expect(symbol >= 0 && symbol < table.symbolCount, "seed \(seed)")
                #expect(uniform >= 0 && uniform < size, "seed \(seed)")
            }
        }
    }

    @Test func `encoding past the capacity traps`() async {
        await #expect(processExitsWith: .failure) {
            var encoder = RangeEncoder(capacity: 3)
            for _ in 0..<4 {
                encoder.encodeUniform(255, of: 256)
                encoder.encodeUniform(254, of: 256)
            }
        }
    }

    @Test func `a symbol that the table lacks traps`() async {
        await #expect(processExitsWith: .failure) {
            var encoder = RangeEncoder(capacity: 3)
            encoder.encode(2, with: FrequencyTable(counts: [1, 1]))
        }
    }

    /// log2 without a maths library: the cost that a table of as many equal symbols would have.
    private func bitsOf(_ size: Int) -> Double {
        var bits = 0.0
        var remaining = Double(size)
        while remaining >= 2 {
            remaining /= 2
            bits += 1
        }
        var step = 0.5
        while step > 1e-12 {
            remaining *= remaining
            if remaining >= 2 {
                remaining /= 2
                bits += step
            }
            step /= 2
        }
        return bits
    }
}
