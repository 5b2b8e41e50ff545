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

  /// Rows looked at, legal or not, before the first thousand legal ones are given up.
  static let surveyRows = 200_000

  /// Bytes that all unpackers may take together before texts are unpacked to the disk instead.
  static let unpackingBytes = 64 << 20

  /// Rows parsed at once of a file whose rows keep so many fields: few of very wide ones.
  func blockRows(ofFields count: Int) -> Int { min(blockRows, max(16, (1 << 18) / count)) }

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
