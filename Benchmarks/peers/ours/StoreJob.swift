import Glibc
import LoomCore
import LoomJournal

/// Bars into a new store on the disk, in batches of 4,096, until it is closed.
///
/// One operation is one bar; the answer is the file `ours.db`.
func storeJob(_ folder: String) throws -> Job {
  let bars = try featureBars(folder)
  let path = folder + "/ours.db"
  func fill() throws {
    var store = try Store(
      path: path,
      configuration: StoreConfiguration(text: "peers", timeframe: .second, featureNames: []))
    try store.register(SymbolID(rawValue: 0), name: "S0")
    try store.register(SourceID(rawValue: 0), name: "peers")
    var start = 0
    while start < bars.count {
      let end = min(bars.count, start + 4096)
      try store.append(bars: bars.span.extracting(start..<end))
      try store.commitBatch()
      start = end
    }
    try store.close()
  }
  return Job(
    time: {
      unsafe unlink(path)
      return try Timing(operations: bars.count, fill)
    },
    answer: {
      unsafe unlink(path)
      try fill()
      return []
    })
}
