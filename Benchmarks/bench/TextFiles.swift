import FoundationEssentials
import Glibc
import LoomCore

/// Files of quotes or trades in a temporary folder, which goes away with the value.
struct TextFiles {
  /// What a row holds.
  enum Kind {
    case quotes, trades
  }

  let folder: TemporaryFolder
  let paths: [String]

  /// Writes `rows` rows of ten symbols in turn, 0.5 ms apart, to `files` files in turn.
  init(_ kind: Kind, rows: Int, files: Int = 1) throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    paths = (0..<files).map { "\(folder.path)/\($0).csv" }
    var texts = [String](repeating: kind.header + "\n", count: files)
    for row in 0..<rows { texts[row % files] += kind.row(Int64(row)) + "\n" }
    for (path, text) in zip(paths, texts) { try Data(text.utf8).write(to: URL(filePath: path)) }
  }

  /// Reads every file to its end, a mebibyte at a time.
  func readBytes() throws {
    var room = [UInt8](repeating: 0, count: 1 << 20)
    for path in paths {
      let descriptor = unsafe open(path, O_RDONLY)
      defer { close(descriptor) }
      var count = 1
      while count > 0 { count = unsafe read(descriptor, &room, room.count) }
      if count < 0 { throw WorkloadError("cannot read \(path)") }
    }
  }
}

extension TextFiles.Kind {
  fileprivate var header: String {
    switch self {
    case .quotes: "timestamp,symbol,bid,ask,bid_size,ask_size"
    case .trades: "time,symbol,price,size,id"
    }
  }

  fileprivate func row(_ index: Int64) -> String {
    let symbol = "S\(index % 10)"
    // Prices walk up and down by hundredths of a percent, or nothing would be plausible.
    let step = Int(index / 10 * 7919 % 1000)
    switch self {
    case .quotes:
      let time = Timestamp(nanoseconds: index * 500_000 + 1_500_000_000_000_000_000)
      return "\(time),\(symbol),1.3\(step + 1000),1.3\(step + 1020),\(index % 900),\(index % 800)"
    case .trades:
      return
        "\(1_500_000_000_000 + index * 7),\(symbol),252.\(100_000 + step),\(index % 900),\(index)"
    }
  }
}
