import Foundation

/// A file that vanishes with the test.
final class TemporaryText {
  let path: String

  init(_ bytes: [UInt8]) {
    path = NSTemporaryDirectory() + "/loom-text-" + UUID().uuidString
    _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
  }

  convenience init(_ text: String) { self.init(Array(text.utf8)) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
