/// A value as a message shows it: in quotation marks, on one line, and not endless.
func quoted(_ text: String) -> String {
    // Counted in scalars: a character may have any number of marks.
    let scalars = text.unicodeScalars
    let isShort = scalars.index(scalars.startIndex, offsetBy: 61, limitedBy: scalars.endIndex) == nil
    return "\"" + (isShort ? text : String(scalars.prefix(57)) + "...").printable + "\""
}

extension String {
    /// The text with each scalar escaped that would end the line or command a terminal: the control
    /// characters U+0000 to U+001F and U+007F to U+009F, and the separators U+2028 and U+2029.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
