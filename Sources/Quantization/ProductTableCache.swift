internal import Synchronization

/// A quantizer's tables of products, made when the first encoder needs them: decoders do without.
final class ProductTableCache: Sendable {
    private let made = Mutex<ProductTables?>(nil)

    /// The tables, the same for all.
    func tables(_ make: () -> ProductTables) -> ProductTables {
        made.withLock { made in
            let tables = made ?? make()
            made = tables
            return tables
        }
    }
}
