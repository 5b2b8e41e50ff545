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

private let journaledCount = 65_536

private func journal(in folder: TemporaryFolder) throws -> Store {
  try Store(
    path: folder.path + "/journal",
    configuration: StoreConfiguration(text: "bench", timeframe: .second, featureNames: ["one"]))
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

/// Quotes of ten symbols in turns, as a feed would have them: five decimals, whole sizes, and times
/// to the nanosecond.
private let journaledTicks: [SequencedTick] = {
  var random = UniformNumbers(state: 11)
  var prices = [Double](repeating: 1, count: 10)
  var time: Int64 = 1_700_000_000_000_000_000
  return (0..<journaledCount).map { place in
    let symbol = Int(random.next() * 10)
    prices[symbol] += (random.next() - 0.5) * 4e-5
    time += Int64(random.next() * 2_000_000)
    let bid = (prices[symbol] * 1e5).rounded() / 1e5
    return SequencedTick(
      sequence: UInt64(place + 1),
      tick: Tick(
        time: Timestamp(nanoseconds: time), symbol: SymbolID(rawValue: UInt32(symbol)), bid: bid,
        ask: ((bid + 1e-5 * (1 + (random.next() * 4).rounded())) * 1e5).rounded() / 1e5,
        bidSize: (random.next() * 100).rounded(), askSize: (random.next() * 100).rounded(),
        flags: .quote))
  }
}()
