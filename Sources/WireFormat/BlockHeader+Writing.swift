internal import Quantization

extension BlockHeader {
    /// Appends the header; the payload's bytes come next. Traps where a field is out of its range, and without
    /// room (`byteCount` says how much).
    ///
    /// - Parameters:
    ///   - ticks: Each frame's tick, what `timing` was made of; read only if it has jitter.
    ///   - payloadLength: The payload's bytes, or nil for a packet's last block, whose payload is the rest.
    ///   - previous: The stream of the packet's block before, nil for the first.
    ///   - output: The packet.
    public func write(
        ticks: Span<Tick>, payloadLength: Int?, after previous: UInt16?, into output: inout OutputRawSpan
    ) {
        writeBeforeJitter(payloadLength: payloadLength, after: previous, into: &output)
        if timing.hasJitter {
            precondition(ticks.count == frameCount, "a tick for each frame")
            for index in 1..<frameCount {
                output.append(varint: Varint.zigzag(jitter(of: index, in: ticks)))
            }
        }
        writeAfterJitter(payloadLength: payloadLength, into: &output)
    }

    /// Appends a header without jitter. Traps as the longer form does, and if the timing has jitter.
    public func write(payloadLength: Int?, after previous: UInt16?, into output: inout OutputRawSpan) {
        precondition(!timing.hasJitter, "jitter needs the frames' ticks")
        writeBeforeJitter(payloadLength: payloadLength, after: previous, into: &output)
        writeAfterJitter(payloadLength: payloadLength, into: &output)
    }

    /// Bytes that `write` appends with the same arguments.
    public func byteCount(ticks: Span<Tick>, payloadLength: Int?, after previous: UInt16?) -> Int {
        var count = byteCountWithoutJitter(payloadLength: payloadLength, after: previous)
        if timing.hasJitter {
            for index in 1..<frameCount {
                count += Varint.byteCount(Varint.zigzag(jitter(of: index, in: ticks)))
            }
        }
        return count
    }

    /// Bytes that `write` appends with the same arguments. Traps if the timing has jitter.
    public func byteCount(payloadLength: Int?, after previous: UInt16?) -> Int {
        precondition(!timing.hasJitter, "jitter needs the frames' ticks")
        return byteCountWithoutJitter(payloadLength: payloadLength, after: previous)
    }

    private func jitter(of index: Int, in ticks: Span<Tick>) -> Int64 {
        ticks[index].count - ticks[0].count - Int64(index) * timing.step
    }

    private func writeBeforeJitter(
        payloadLength: Int?, after previous: UInt16?, into output: inout OutputRawSpan
    ) {
        precondition(0..<PacketLimits.maximumRungs ~= rung, "rungs are 0 to 31")
        precondition(1...PacketLimits.maximumFramesPerBlock ~= frameCount, "blocks have 1 to 64 frames")
        precondition(-Tick.limit...Tick.limit ~= timing.age, "ages are within the tick limit")
        precondition(frameCount > 1 || timing.step == 0 && !timing.hasJitter, "a frame alone has no step")
        precondition(frameCount == 1 || tokens == nil, "a token range is of one frame")
        let flags = flags
        let saysStream = saysStream(after: previous, flags: flags)
        output.append(
            UInt8(rung) << First.rungShift | (coding == .uniform ? First.uniform : 0)
                | (payloadLength == nil ? First.last : 0) | (saysStream ? First.streamFollows : 0))
        if saysStream {
            let isLong = stream >= UInt16(StreamByte.escape)
            output.append(
                (flags.isEmpty ? 0 : StreamByte.extended) | (isLong ? StreamByte.escape : UInt8(stream)))
            if isLong { output.append(bigEndian: stream) }
            if !flags.isEmpty { output.append(flags.rawValue) }
        }
        switch sequence {
        case .low(let byte): output.append(byte)
        case .full(let whole):
            precondition(whole < PacketLimits.maximumSequence, "sequences are below 2^56")
            output.append(varint: whole)
        }
        output.append(varint: timing.age.magnitude)
        if frameCount > 1 {
            output.append(UInt8(frameCount))
            output.append(varint: Varint.zigzag(timing.step))
        }
    }

    private func writeAfterJitter(payloadLength: Int?, into output: inout OutputRawSpan) {
        if let bundle { output.append(varint: UInt64(bundle)) }
        if let tokens {
            precondition(!tokens.isEmpty && tokens.lowerBound >= 0, "a token range is not empty")
            output.append(varint: UInt64(tokens.lowerBound))
            output.append(varint: UInt64(tokens.count))
        }
        if let payloadLength { output.append(varint: UInt64(payloadLength)) }
    }

    private func byteCountWithoutJitter(payloadLength: Int?, after previous: UInt16?) -> Int {
        let flags = flags
        var count = 1
        if saysStream(after: previous, flags: flags) {
            count += 1 + (stream >= UInt16(StreamByte.escape) ? 2 : 0) + (flags.isEmpty ? 0 : 1)
        }
        switch sequence {
        case .low: count += 1
        case .full(let whole): count += Varint.byteCount(whole)
        }
        count += Varint.byteCount(timing.age.magnitude)
        if frameCount > 1 { count += 1 + Varint.byteCount(Varint.zigzag(timing.step)) }
        if let bundle { count += Varint.byteCount(UInt64(bundle)) }
        if let tokens {
            count += Varint.byteCount(UInt64(tokens.lowerBound)) + Varint.byteCount(UInt64(tokens.count))
        }
        if let payloadLength { count += Varint.byteCount(UInt64(payloadLength)) }
        return count
    }

    private func saysStream(after previous: UInt16?, flags: Flags) -> Bool {
        !flags.isEmpty || stream != Self.impliedStream(after: previous)
    }
}
