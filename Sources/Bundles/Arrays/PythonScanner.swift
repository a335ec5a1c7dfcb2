/// Scans the few Python literals that .npy headers are made of.
struct PythonScanner {
    private let bytes: ArraySlice<UInt8>

    /// Offset of the next byte, from the start of the file.
    private(set) var position: Int

    /// - Parameter bytes: The header, with its offsets in the file as indices.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Whether the next character, spaces aside, is this one.
    mutating func isAt(_ character: UnicodeScalar) -> Bool {
        while let byte = peek(), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") {
            position += 1
        }
        return peek() == UInt8(ascii: character)
    }

    /// Takes the next character if it is this one.
    mutating func take(_ character: UnicodeScalar) -> Bool {
        guard isAt(character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: UnicodeScalar) throws(NPYError) {
        guard take(character) else { throw expected("'\(character)'") }
    }

    mutating func expectEnd() throws(NPYError) {
        guard !isAt(" "), position == bytes.endIndex else { throw expected("the end of the header") }
    }

    /// A string in single or double quotes, without escapes.
    mutating func string() throws(NPYError) -> String {
        let quote: UnicodeScalar = isAt("\"") ? "\"" : "'"
        try expect(quote)
        let start = position
        while let byte = peek(), byte != UInt8(ascii: quote) {
            guard 0x20..<0x7F ~= byte, byte != UInt8(ascii: "\\"), position - start < 64 else {
                throw expected("a plain string of at most 64 characters")
            }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        try expect(quote)
        return text
    }

    mutating func bool() throws(NPYError) -> Bool {
        if takeWord("True") { return true }
        if takeWord("False") { return false }
        throw expected("True or False")
    }

    /// A tuple of integers of 0 or more.
    mutating func tuple() throws(NPYError) -> [Int] {
        var integers: [Int] = []
        try expect("(")
        while !take(")") {
            guard integers.count < 8 else { throw expected("at most 8 dimensions") }
            integers.append(try integer())
            if !take(",") {
                try expect(")")
                break
            }
        }
        return integers
    }

    private mutating func integer() throws(NPYError) -> Int {
        _ = isAt(" ")
        let start = position
        while let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
            position += 1
        }
        guard let integer = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            position = start
            throw expected("an integer below 2^63")
        }
        return integer
    }

    private mutating func takeWord(_ word: String) -> Bool {
        _ = isAt(" ")
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private func peek() -> UInt8? {
        position < bytes.endIndex ? bytes[position] : nil
    }

    private func expected(_ what: String) -> NPYError {
        NPYError("byte \(position): the header must have \(what) here")
    }
}
