/// A value of a row of a ``StoreQuery``, as SQLite has it.
public enum QueryValue: Hashable, Sendable {
  /// NULL: absent.
  case null
  /// A whole number.
  case integer(Int64)
  /// Another number, infinite ones among them; never NaN.
  case real(Double)
  /// Text; what is not UTF-8 in it is replaced.
  case text(String)
  /// Bytes.
  case blob([UInt8])
}
