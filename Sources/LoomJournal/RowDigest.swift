internal import LoomSystem

/// The XXH3-128 of rows that follow each other in a table: kind and value of each column, in order.
///
/// The statements that write a table tell it what they bind, and a verifier what it finds.
final class RowDigest: @unchecked Sendable {
  // Safe to send: it has one owner, whoever owns the statements.
  private var hasher = Hasher128()
  private(set) var count = 0
  /// The row identifiers of the first and the last row; 0 without any.
  private(set) var firstRow: Int64 = 0
  private(set) var lastRow: Int64 = 0

  private enum Kind: UInt32 { case null, integer, real, text, blob }

  func add(_ value: Int64) {
    hasher.update(Kind.integer.rawValue)
    hasher.update(value)
  }

  /// NaN is stored as NULL.
  func add(_ value: Double) {
    if value.isNaN { return addNull() }
    hasher.update(Kind.real.rawValue)
    hasher.update(value)
  }

  func addNull() { hasher.update(Kind.null.rawValue) }

  func add(_ text: String) {
    hasher.update(Kind.text.rawValue)
    add(count: text.utf8.count, text.utf8Span.span)
  }

  func add(text bytes: RawSpan) {
    hasher.update(Kind.text.rawValue)
    add(count: bytes.byteCount, Span(_bytes: bytes))
  }

  func add(blob bytes: RawSpan) {
    hasher.update(Kind.blob.rawValue)
    add(count: bytes.byteCount, Span(_bytes: bytes))
  }

  private func add(count: Int, _ bytes: Span<UInt8>) {
    hasher.update(UInt64(count))
    hasher.update(bytes)
  }

  /// Ends the row with that identifier.
  func endRow(_ row: Int64) {
    if count == 0 { firstRow = row }
    lastRow = row
    count += 1
  }

  /// The digest of the rows so far; more may follow.
  var value: Hash128 { hasher.digest() }

  /// Begins anew, behind the same last row.
  func reset() {
    hasher.reset()
    count = 0
  }
}
