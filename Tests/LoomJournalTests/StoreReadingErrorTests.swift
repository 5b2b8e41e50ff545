import Foundation
import Testing

@testable import LoomJournal

/// What cannot be read is not told as if it were to be written.
struct StoreReadingErrorTests {
  private static func failures(_ path: String) -> [String] {
    var texts: [String] = []
    do { _ = try StoredTicks(path: path) } catch { texts.append(error.description) }
    do { _ = try StoreReader(path: path) } catch { texts.append(error.description) }
    return texts
  }

  @Test func `there is no such file`() throws {
    let folder = try StoreFolder()
    let text = "there is no store \(folder.store); check the spelling"
    #expect(Self.failures(folder.store) == [text, text])
  }

  @Test func `a folder is named as one`() throws {
    let folder = try StoreFolder()
    let path = URL(filePath: folder.store).deletingLastPathComponent().path
    for text in Self.failures(path) { #expect(text.hasPrefix("cannot read the store \(path)")) }
    #expect(Self.failures(path).count == 2)
  }

  @Test(arguments: ["", "time,bid,ask\n", String(repeating: "x", count: 5000)])
  func `another file is no store, and stays`(contents: String) throws {
    let folder = try StoreFolder()
    try Data(contents.utf8).write(to: URL(filePath: folder.store))
    let text =
      "cannot read the store \(folder.store): it is not a Tickloom store; "
      + "name one, as run --store makes it"
    #expect(Self.failures(folder.store) == [text, text])
  }
}
