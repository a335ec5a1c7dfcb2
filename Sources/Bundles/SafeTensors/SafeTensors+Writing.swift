extension SafeTensors {
    /// A tensor to be written.
    public struct Entry: Sendable {
        /// The tensor's name.
        public let name: String

        let type: ElementType
        let shape: [Int]
        let bytes: [UInt8]

        private init(name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
            precondition(
                bytes.count == shape.reduce(type.width, *), "a tensor has as many elements as its shape says")
            self.name = name
            self.type = type
            self.shape = shape
            self.bytes = bytes
        }

        /// A tensor of float32. Traps unless there are as many values as the shape says.
        public init(_ name: String, shape: [Int], floats: [Float]) {
            self.init(
                name: name, type: .float32, shape: shape, bytes: Self.bytes(floats.lazy.map(\.bitPattern)))
        }

        /// A tensor of unsigned 16-bit integers. Traps unless there are as many values as the shape says.
        public init(_ name: String, shape: [Int], integers: [UInt16]) {
            self.init(name: name, type: .uint16, shape: shape, bytes: Self.bytes(integers))
        }

        /// A tensor of unsigned 64-bit integers. Traps unless there are as many values as the shape says.
        public init(_ name: String, shape: [Int], integers: [UInt64]) {
            self.init(name: name, type: .uint64, shape: shape, bytes: Self.bytes(integers))
        }

        private static func bytes<Integer: FixedWidthInteger>(_ values: some Collection<Integer>) -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(values.count * Integer.bitWidth / 8)
            for value in values {
                bytes.append(littleEndian: value)
            }
            return bytes
        }
    }

    /// The bytes of a file. They depend on the content alone, not on the order of the entries.
    ///
    /// Traps if two entries have one name.
    public static func serialize(metadata: [String: String], _ entries: [Entry]) -> [UInt8] {
        let inOrder = entries.sorted { (-$0.type.width, $0.name) < (-$1.type.width, $1.name) }
        precondition(Set(entries.map(\.name)).count == entries.count, "two tensors have one name")
        var members: [JSONMember] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
            members.append(JSONMember("__metadata__", .object(pairs)))
        }
        var offset = 0
        for entry in inOrder {
            let end = offset + entry.bytes.count
            let fields = [
                JSONMember("dtype", .string(entry.type.rawValue)),
                JSONMember("shape", .array(entry.shape.map { .integer($0) })),
                JSONMember("data_offsets", .array([.integer(offset), .integer(end)])),
            ]
            members.append(JSONMember(entry.name, .object(fields)))
            offset = end
        }
        var header = Array(JSONValue.object(members).text.utf8)
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))

        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + offset)
        bytes.append(littleEndian: UInt64(header.count))
        bytes.append(contentsOf: header)
        for entry in inOrder {
            bytes.append(contentsOf: entry.bytes)
        }
        return bytes
    }
}
