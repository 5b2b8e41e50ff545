internal import LoomCore
internal import LoomSystem

/// What stands around the state in a snapshot: what it is, of which settings, and a hash of it all.
enum SnapshotFrame {
  /// The format; another one is not read.
  static let format: UInt32 = 1
  private static let hashCount = 16

  /// Writes what this is, or refuses another.
  static func begin<Coder: SnapshotCoder>(
    _ settings: String, _ featureNames: [String], _ coder: inout Coder
  ) throws(SnapshotError) {
    try beginFormat(&coder)
    try compare(settings, &coder)
    try compare("the features " + featureNames.joined(separator: ", "), &coder)
  }

  /// Writes that this is a snapshot, or refuses what is none or of another format.
  static func beginFormat<Coder: SnapshotCoder>(_ coder: inout Coder) throws(SnapshotError) {
    try coder.section("LoomSnap")
    var number = format
    try coder.value(&number)
    if number != format { throw .otherFormat(number) }
  }

  private static func compare<Coder: SnapshotCoder>(
    _ text: String, _ coder: inout Coder
  ) throws(SnapshotError) {
    var was = text
    try coder.text(&was)
    if was != text { throw .otherConfiguration(was: was, is: text) }
  }

  /// The bytes of a snapshot.
  static func end(_ writer: consuming SnapshotWriter) -> [UInt8] {
    let hash = Hash128(of: writer.bytes.span)
    for byte in 0..<hashCount {
      var byte = hash.bytes[byte]
      writer.value(&byte)
    }
    return writer.bytes
  }

  /// A reader of what is in there.
  static func open(_ bytes: [UInt8]) throws(SnapshotError) -> SnapshotReader {
    let end = bytes.count - hashCount
    if end < 0 { throw .truncated }
    let hash = Hash128(of: bytes.span.extracting(0..<end)).bytes
    for byte in 0..<hashCount where bytes[end + byte] != hash[byte] {
      throw .damaged("its hash is not that of its bytes")
    }
    return SnapshotReader(bytes, range: 0..<end)
  }
}
