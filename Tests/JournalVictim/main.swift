import Glibc
import LoomCore
import LoomJournal

// Appends inputs without end, a few at a time, and writes to its output as bytes of a number how many
// are kept at the level, whenever that rises: `JournalVictim STORE os|disk`.
let arguments = CommandLine.arguments
let level: Durability = arguments[2] == "disk" ? .disk : .os
let journal = try Journal(
  path: arguments[1],
  configuration: StoreConfiguration(text: "", timeframe: .second, featureNames: []),
  options: JournalOptions(durability: level, interval: .zero, capacity: 4096))
guard var input = journal.input() else { exit(1) }
var (appended, reported): (UInt64, UInt64) = (0, 0)
while journal.failure == nil {
  let count = 1 + VictimTicks.tick(appended + 1).tick.venueSequence % 40
  let some = (1...count).map { VictimTicks.tick(appended + $0) }
  let taken = input.append(some.span)
  appended += UInt64(taken)
  if taken == 0 { sched_yield() }
  var kept = journal.sequence(at: level)
  if kept > reported {
    reported = kept
    if unsafe write(STDOUT_FILENO, &kept, 8) != 8 { exit(1) }
  }
}
exit(2)
