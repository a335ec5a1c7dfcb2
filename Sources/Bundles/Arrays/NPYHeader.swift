/// The dictionary in a .npy file: what its values are.
struct NPYHeader {
    var type: FloatType
    var shape: [Int]

    /// Element types that frames may have.
    enum FloatType: String {
        case float16 = "<f2"
        case float32 = "<f4"
        case float64 = "<f8"

        /// Bytes of a value.
        var width: Int {
            switch self {
            case .float16: 2
            case .float32: 4
            case .float64: 8
            }
        }
    }

    /// Takes the dictionary apart: the keys descr, fortran_order and shape in any order, each once.
    init(parsing bytes: ArraySlice<UInt8>) throws(NPYError) {
        var scanner = PythonScanner(bytes)
        var type: FloatType?
        var isFortran: Bool?
        var shape: [Int]?
        try scanner.expect("{")
        while !scanner.take("}") {
            let start = scanner.position
            let key = try scanner.string()
            try scanner.expect(":")
            switch key {
            case "descr" where type == nil: type = try Self.type(&scanner)
            case "fortran_order" where isFortran == nil: isFortran = try scanner.bool()
            case "shape" where shape == nil: shape = try scanner.tuple()
            default: throw NPYError("byte \(start): the header's key '\(key)' is unknown or comes twice")
            }
            if !scanner.take(",") {
                try scanner.expect("}")
                break
            }
        }
        try scanner.expectEnd()
        guard let type, let isFortran, let shape else {
            throw NPYError("the header must have the keys descr, fortran_order and shape")
        }
        guard !isFortran else {
            throw NPYError("the array is in Fortran order; only C order is allowed (numpy.ascontiguousarray)")
        }
        self.type = type
        self.shape = shape
    }

    private static func type(_ scanner: inout PythonScanner) throws(NPYError) -> FloatType {
        let allowed = "allowed are '<f2', '<f4' and '<f8'"
        guard !scanner.isAt("[") else {
            throw NPYError("byte \(scanner.position): this is an array of records; \(allowed)")
        }
        let start = scanner.position
        let name = try scanner.string()
        if let type = FloatType(rawValue: name) {
            return type
        }
        let kind =
            if name.hasPrefix(">") {
                "big-endian"
            } else if name.contains("O") {
                "an array of Python objects"
            } else {
                "not float16, float32 or float64"
            }
        throw NPYError("byte \(start): the element type '\(name)' is \(kind); \(allowed)")
    }
}
