/// How much of a file is held at once, so that a thousand take no more memory than one.
struct ReadingLimits: Sendable {
  /// Rows parsed at once.
  let blockRows: Int
  /// Bytes of text read at once.
  let bufferBytes: Int
  /// Bytes of a packed file read at once.
  let packedBytes: Int
  /// Whether files stay open between reads.
  let keepsOpen: Bool
  /// Whether files are closed until the merge reaches their first row.
  let rests: Bool

  /// Bytes that all unpackers may take together before texts are unpacked to the disk instead.
  static let unpackingBytes = 64 << 20

  init(fileCount: Int) {
    switch fileCount {
    case ...16: (blockRows, bufferBytes, packedBytes) = (1024, 262_144, 65_536)
    case ...128: (blockRows, bufferBytes, packedBytes) = (256, 32_768, 32_768)
    default: (blockRows, bufferBytes, packedBytes) = (64, 8192, 8192)
    }
    keepsOpen = fileCount <= 256
    rests = fileCount > 16
  }
}
