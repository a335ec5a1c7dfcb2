/// The names are the keys of `evaluate --json`.
extension RungEvaluation: Encodable {
    private enum CodingKeys: CodingKey {
        case rung, sizes, lambda, nominalBitsPerFrame, codedBitsPerFrame, mse, nmse, snrDb, usedCodewords
        case encodeNsPerFrame, encodeNsPerFrameBatch64, decodeNsPerFrame
        case dedicatedMse, dedicatedCodedBitsPerFrame
    }

    /// Encodes all keys, those without a value as null; those of dedicated codebooks only where they were asked for.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rung, forKey: .rung)
        try container.encode(sizes, forKey: .sizes)
        try container.encode(lambda, forKey: .lambda)
        try container.encode(nominalBitsPerFrame, forKey: .nominalBitsPerFrame)
        try container.encode(codedBitsPerFrame, forKey: .codedBitsPerFrame)
        try container.encode(mse, forKey: .mse)
        try container.encode(nmse, forKey: .nmse)
        try container.encode(snrDb, forKey: .snrDb)
        try container.encode(usedCodewords, forKey: .usedCodewords)
        try container.encode(encodeNsPerFrame, forKey: .encodeNsPerFrame)
        try container.encode(encodeNsPerFrameBatch64, forKey: .encodeNsPerFrameBatch64)
        try container.encode(decodeNsPerFrame, forKey: .decodeNsPerFrame)
        try container.encodeIfPresent(dedicatedMse, forKey: .dedicatedMse)
        try container.encodeIfPresent(dedicatedCodedBitsPerFrame, forKey: .dedicatedCodedBitsPerFrame)
    }
}
