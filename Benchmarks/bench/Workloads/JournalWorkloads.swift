import LoomCore
import LoomJournal

/// Inputs into a store in group commits, safe from a crash of the program, and out of it again,
/// beside plain rows through SQLite's own C interface.
let journalWorkloads: [Workload] = [
  Workload(
    "journal.append.65536", unit: "tick", operations: journaledCount, yardstick: "sqlite.insert"
  ) { iterations, watch in
    let folder = try TemporaryFolder()
    var store = try journal(in: folder)
    try watch.time { try fill(&store, iterations) }
    try store.close()
  },
  Workload(
    "journal.read.65536", unit: "tick", operations: journaledCount, yardstick: "sqlite.insert"
  ) { iterations, watch in
    let folder = try TemporaryFolder()
    var store = try journal(in: folder)
    try fill(&store, iterations)
    try store.close()
    var stored = try StoredTicks(path: folder.path + "/journal")
    var (group, count): ([SequencedTick], Int) = ([], 0)
    try watch.time { while try stored.read(into: &group) { count += group.count } }
    if count != iterations * journaledCount { throw WorkloadError("\(count) ticks came back") }
  },
]

private func journal(in folder: TemporaryFolder) throws -> Store {
  try Store(
    path: folder.path + "/journal",
    configuration: StoreConfiguration(text: "bench", timeframe: .second, featureNames: ["one"]))
}

/// A finished store of so many ticks and nothing else.
func journalFile(of ticks: Int, in folder: TemporaryFolder) throws -> String {
  var store = try journal(in: folder)
  try fill(&store, ticks / journaledCount)
  let rest = ticks % journaledCount
  try store.append(ticks: numbered(from: ticks - rest).span.extracting(first: rest))
  try store.close()
  return folder.path + "/journal"
}

/// A group of ticks that follow so many others.
private func numbered(from count: Int) -> [SequencedTick] {
  var ticks = journaledTicks
  for place in ticks.indices { ticks[place].sequence = UInt64(count + place + 1) }
  return ticks
}

private func fill(_ store: inout Store, _ groups: Int) throws {
  var ticks = journaledTicks
  for group in 0..<groups {
    for place in ticks.indices {
      ticks[place].sequence = UInt64(group * journaledCount + place + 1)
    }
    try store.append(ticks: ticks.span)
    try store.commitBatch()
  }
}
