/// A value that a snapshot holds as the bytes it has in memory.
///
/// Conform where every pattern of these bits is a value and no padding lies between the parts, so
/// that equal values have equal bytes: no `Bool`, enumeration or optional. Padding behind the last
/// part is left out.
public protocol SnapshotValue: BitwiseCopyable {}

extension Int: SnapshotValue {}
extension Int32: SnapshotValue {}
extension Int64: SnapshotValue {}
extension UInt8: SnapshotValue {}
extension UInt16: SnapshotValue {}
extension UInt32: SnapshotValue {}
extension UInt64: SnapshotValue {}
extension Double: SnapshotValue {}
extension SIMD2: SnapshotValue where Scalar == Double {}
extension InlineArray: SnapshotValue where Element: SnapshotValue {}
extension Timestamp: SnapshotValue {}
extension SymbolID: SnapshotValue {}
extension SourceID: SnapshotValue {}
extension Bar: SnapshotValue {}
extension CleanBar: SnapshotValue {}
extension FeatureRow: SnapshotValue {}
