extension [Float] {
    /// The largest magnitude; infinite where a value is infinite or not a number, 0 where there is none.
    ///
    /// Complexity: O(count), many values at a time.
    var largestMagnitude: Float {
        // Without their sign, the bits of floats are ordered as the floats are, and those of NaN come last.
        let bits = reduce(UInt32(0)) { Swift.max($0, $1.bitPattern & 0x7FFF_FFFF) }
        return Float(bitPattern: Swift.min(bits, Float.infinity.bitPattern))
    }
}
