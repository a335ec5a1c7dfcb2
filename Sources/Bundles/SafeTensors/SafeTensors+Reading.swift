extension SafeTensors {
    /// What a reader insists on beside the format itself.
    public enum Strictness: Sendable {
        /// A layout as ``serialize(metadata:_:)`` makes it: the header padded, the widest types first.
        case canonical
        /// Whatever the format allows, for files of other programs. Tensors of element types that are not known here
        /// are left out.
        case foreign
    }

    /// Takes a file's bytes apart, checking every length, offset, type and shape.
    ///
    /// Complexity: O(header).
    ///
    /// - Throws: ``BundleError`` with the tensor or byte that is wrong.
    public init(parsing bytes: [UInt8], _ strictness: Strictness = .canonical) throws(BundleError) {
        guard bytes.count >= 8 else {
            throw BundleError("byte 0", "the file has \(bytes.count) bytes; its header length alone takes 8")
        }
        let length = bytes.integers(UInt64.self, in: 0..<8)[0]
        guard length <= UInt64(bytes.count - 8) else {
            throw BundleError(
                "byte 0", "the header is said to have \(length) bytes; \(bytes.count - 8) are there")
        }
        guard length <= UInt64(Self.longestHeader) else {
            throw BundleError(
                "byte 0", "the header has \(length) bytes; at most \(Self.longestHeader) are allowed")
        }
        guard length.isMultiple(of: 8) || strictness == .foreign else {
            throw BundleError(
                "byte 0", "the header has \(length) bytes; it must be padded to a multiple of 8")
        }
        let dataStart = 8 + Int(length)
        let members = try Self.header(bytes[8..<dataStart])

        var metadata: [String: String] = [:]
        var tensors: [Tensor] = []
        var ranges: [(name: String, type: ElementType?, range: Range<Int>)] = []
        tensors.reserveCapacity(members.count)
        ranges.reserveCapacity(members.count)
        for member in members {
            if member.key == "__metadata__" {
                metadata = try Self.metadata(member.value)
            } else {
                let fields = try Self.fields(
                    of: member, dataStart: dataStart, dataCount: bytes.count - dataStart)
                let tensor = try Self.tensor(member.key, fields, strictness)
                if let tensor { tensors.append(tensor) }
                ranges.append((member.key, tensor?.type, fields.range))
            }
        }
        try Self.checkLayout(ranges, from: dataStart, to: bytes.count, strictness)
        self.metadata = metadata
        self.tensors = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
        self.bytes = bytes
    }

    private static func header(_ bytes: ArraySlice<UInt8>) throws(BundleError) -> [JSONMember] {
        guard bytes.first == UInt8(ascii: "{") else {
            throw BundleError("byte 8", "the header must begin with an opening brace")
        }
        do throws(JSONError) {
            guard case .object(let members) = try JSONParser.parse(bytes) else {
                throw JSONError(offset: 0, problem: "the header must be a JSON object")
            }
            return members
        } catch {
            throw BundleError("byte \(8 + error.offset)", "the header is not JSON: \(error.problem)")
        }
    }

    private static func metadata(_ value: JSONValue) throws(BundleError) -> [String: String] {
        guard case .object(let members) = value else {
            throw BundleError("__metadata__", "the metadata must be an object of strings")
        }
        var metadata: [String: String] = [:]
        for member in members {
            guard case .string(let text) = member.value else {
                throw BundleError("__metadata__", "the value of \"\(member.key)\" must be a string")
            }
            metadata[member.key] = text
        }
        return metadata
    }

    private typealias Fields = (type: String, shape: [Int], range: Range<Int>)

    private static func fields(
        of member: JSONMember, dataStart: Int, dataCount: Int
    ) throws(BundleError) -> Fields {
        let place = "tensor \(member.key)"
        guard case .object(let members) = member.value,
            Set(members.map(\.key)) == ["dtype", "shape", "data_offsets"]
        else {
            throw BundleError(place, "it must have the keys dtype, shape and data_offsets, and no other")
        }
        let fields = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
        guard case .string(let type)? = fields["dtype"] else {
            throw BundleError(place, "its dtype must be a string")
        }
        guard let shape = integers(fields["shape"]), shape.count <= 8 else {
            throw BundleError(place, "its shape must be at most 8 integers of 0 or more")
        }
        guard let offsets = integers(fields["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1],
            offsets[1] <= dataCount
        else {
            throw BundleError(
                place,
                "its data_offsets must be two ascending integers within the file's \(dataCount) bytes of data"
            )
        }
        return (type, shape, dataStart + offsets[0]..<dataStart + offsets[1])
    }

    /// The tensor that the fields describe; nil for a foreign file's element type.
    private static func tensor(
        _ name: String, _ fields: Fields, _ strictness: Strictness
    ) throws(BundleError) -> Tensor? {
        let place = "tensor \(name)"
        guard let type = ElementType(rawValue: fields.type) else {
            if strictness == .foreign { return nil }
            let allowed = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw BundleError(place, "its dtype is unknown; allowed are \(allowed)")
        }
        var size = type.width
        for count in fields.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: count)
            guard !overflow else {
                throw BundleError(place, "its shape \(fields.shape) has more elements than any file")
            }
            size = product
        }
        guard size == fields.range.count else {
            throw BundleError(
                place,
                "its data_offsets span \(fields.range.count) bytes;"
                    + " shape \(fields.shape) of \(type.rawValue) takes \(size)")
        }
        return Tensor(name: name, type: type, shape: fields.shape, range: fields.range)
    }

    private static func integers(_ value: JSONValue?) -> [Int]? {
        guard case .array(let elements)? = value else { return nil }
        var integers: [Int] = []
        for element in elements {
            guard case .number(let digits) = element, let integer = Int(digits), integer >= 0 else {
                return nil
            }
            integers.append(integer)
        }
        return integers
    }

    /// Checks that the tensors' bytes follow one another from `start` to `end`, in canonical files the widest
    /// elements first.
    private static func checkLayout(
        _ tensors: [(name: String, type: ElementType?, range: Range<Int>)], from start: Int, to end: Int,
        _ strictness: Strictness
    ) throws(BundleError) {
        var position = start
        var narrowest = Int.max
        let inOrder = tensors.sorted {
            ($0.range.lowerBound, $0.range.upperBound, -($0.type?.width ?? 0))
                < ($1.range.lowerBound, $1.range.upperBound, -($1.type?.width ?? 0))
        }
        for tensor in inOrder {
            guard tensor.range.lowerBound == position else {
                let fault = tensor.range.lowerBound < position ? "an overlap with" : "a gap after"
                throw BundleError(
                    "tensor \(tensor.name)",
                    "its data begin at byte \(tensor.range.lowerBound), \(fault) what ends at byte \(position)"
                )
            }
            if strictness == .canonical, let type = tensor.type {
                guard type.width <= narrowest else {
                    throw BundleError(
                        "tensor \(tensor.name)",
                        "\(type.rawValue) data after narrower data; widest come first")
                }
                narrowest = type.width
            }
            position = tensor.range.upperBound
        }
        guard position == end else {
            throw BundleError("byte \(position)", "\(end - position) bytes that belong to no tensor")
        }
    }
}
