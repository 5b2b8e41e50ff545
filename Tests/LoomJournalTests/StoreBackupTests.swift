import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

struct StoreBackupTests {
  @Test func `a copy answers as its store does`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    let copy = folder.path + "/copy.db"
    #expect(try StoreBackup.copy(path: folder.store, to: copy).inputs == 9000)
    #expect(SampleStore.answers(of: copy) == SampleStore.answers(of: folder.store))
  }

  /// The writer commits between any two steps of the copy.
  @Test func `a copy of a store that is being written is a whole number of batches`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    for batch in 0..<4 { try SampleStore.append(batch, 3000, rows: 4000, to: &store) }
    let copy = folder.path + "/copy.db"
    let writer = BackupWriter(store)
    var steps = 0
    let report = try StoreBackup.copy(path: folder.store, to: copy) { step in
      guard case .copying = step else { return }
      steps += 1
      writer.appendBatch(3 + steps)
    }
    #expect(steps > 1)
    #expect(report.isSound)
    #expect((report.inputs, report.sequences) == (12_000, 1...12_000))
    #expect(try folder.rows("SELECT count(*) FROM bars", in: "copy.db") == ["16000"])
    #expect(try folder.rows("SELECT state FROM run", in: "copy.db") == ["running"])
    let inputs = try StoredTicksTests.read(copy)
    let again = try StoredTicksTests.read(folder.store)
    #expect(StoredTicksTests.bits(inputs) == StoredTicksTests.bits(Array(again[..<12_000])))
  }

  @Test func `a damaged store is not copied`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    try Database(path: folder.store).execute("UPDATE bars SET close = 3 WHERE rowid = 5")
    let report = try StoreBackup.copy(path: folder.store, to: folder.path + "/copy.db")
    #expect(report.findings.map(\.description) == ["bars, rows 1 to 210: their digest differs"])
    #expect(try folder.names().filter { !$0.hasPrefix("run.db") } == [])
  }

  @Test func `a copy that is stopped leaves nothing`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    let cancellation = Cancellation()
    #expect(throws: JournalError.cancelled) {
      try StoreBackup.copy(
        path: folder.store, to: folder.path + "/copy.db", cancellation: cancellation
      ) { _ in cancellation.request() }
    }
    #expect(try folder.names().filter { !$0.hasPrefix("run.db") } == [])
  }
}

/// A writer that a closure may use.
private final class BackupWriter {
  private var store: Store?

  init(_ store: consuming Store) { self.store = consume store }

  func appendBatch(_ batch: Int) {
    guard var store = store.take() else { return }
    try? SampleStore.append(batch, 3000, to: &store)
    self.store = consume store
  }
}
