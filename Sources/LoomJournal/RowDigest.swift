internal import LoomSystem

/// The XXH3-128 of rows that follow each other in a table: of each the values, then their kinds.
///
/// The statements that write a table tell it what they bind, and a verifier what it finds.
@safe
final class RowDigest: @unchecked Sendable {
  // Safe to send: it has one owner, whoever owns the statements.
  // No method calls another while it changes one of these, so nothing is to be checked per value.
  @exclusivity(unchecked) private var hasher = Hasher128()
  private(set) var count = 0
  /// The row identifiers of the first and the last row; 0 without any.
  private(set) var firstRow: Int64 = 0
  private(set) var lastRow: Int64 = 0

  private enum Kind: UInt64 { case null, integer, real, text, blob }

  /// The kinds of the row's columns as one number: with each kind that differs it differs, too.
  @exclusivity(unchecked) private var kinds: UInt64 = 0

  private func add(_ kind: Kind) { unsafe kinds = kinds &* 31 &+ kind.rawValue }

  func add(_ value: Int64) {
    add(.integer)
    unsafe hasher.update(value)
  }

  /// NaN is stored as NULL.
  func add(_ value: Double) {
    if value.isNaN { return addNull() }
    add(.real)
    unsafe hasher.update(value)
  }

  func addNull() { add(.null) }

  func add(_ text: String) {
    add(.text)
    add(count: text.utf8.count, text.utf8Span.span)
  }

  func add(text bytes: RawSpan) {
    add(.text)
    add(count: bytes.byteCount, Span(_bytes: bytes))
  }

  func add(blob bytes: RawSpan) {
    add(.blob)
    add(count: bytes.byteCount, Span(_bytes: bytes))
  }

  private func add(count: Int, _ bytes: Span<UInt8>) {
    unsafe hasher.update(UInt64(count))
    unsafe hasher.update(bytes)
  }

  /// Ends the row with that identifier.
  func endRow(_ row: Int64) {
    if count == 0 { firstRow = row }
    lastRow = row
    count += 1
    unsafe hasher.update(kinds)
    unsafe kinds = 0
  }

  /// The digest of the rows so far; more may follow.
  var value: Hash128 { unsafe hasher.digest() }

  /// Begins anew, behind `row`.
  func begin(after row: Int64) {
    reset()
    (firstRow, lastRow) = (row, row)
  }

  /// Begins anew, behind the same last row.
  func reset() {
    unsafe hasher.reset()
    count = 0
  }
}
