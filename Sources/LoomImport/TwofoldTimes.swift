internal import LoomCore

/// Settles local times that happened twice, by the order of the rows.
///
/// When clocks are set back, an hour of local times happens twice. Rows of such an hour are held
/// back until it is over. Where their local times step back once by more than half of the overlap,
/// the rows before the step are the first hour, those after it the second; without such a step, or
/// with several, nothing tells them apart and they become malformed.
struct TwofoldTimes {
  /// A row whose time happened twice.
  private struct Member {
    var row: Int
    var first: Int64
    var second: Int64
  }

  /// Most rows held back; beyond, the hour is given up.
  private static let limit = 200_000

  private var members: [Member] = []

  /// Whether an hour has begun that is not over.
  var isOpen: Bool { !members.isEmpty }

  /// Looks at the rows of `chunk` from `start` on.
  mutating func settle(_ chunk: inout RowChunk, from start: Int, isAtEnd: Bool) {
    var next = 0
    for row in start..<chunk.ticks.count {
      if next < chunk.twofold.count, chunk.twofold[next].row == row {
        members.append(
          Member(
            row: row, first: chunk.ticks[row].tick.time.nanoseconds,
            second: chunk.twofold[next].second))
        next += 1
      } else if isOpen, chunk.ticks[row].tick.time != .distantPast {
        close(&chunk)
      }
    }
    chunk.twofold.removeAll(keepingCapacity: true)
    if isOpen, isAtEnd || members.count > Self.limit { close(&chunk) }
  }

  private mutating func close(_ chunk: inout RowChunk) {
    var steps: [Int] = []
    for index in members.indices.dropFirst() {
      let overlap = members[index].second - members[index].first
      if members[index].first < members[index - 1].first - overlap / 2 { steps.append(index) }
    }
    for (index, member) in members.enumerated() {
      if steps.count == 1 {
        let time = index < steps[0] ? member.first : member.second
        chunk.ticks[member.row].tick.time = Timestamp(nanoseconds: time)
        chunk.ticks[member.row].tick.receiveTime = Timestamp(nanoseconds: time)
      } else {
        chunk.refuse(member.row)
      }
    }
    members.removeAll(keepingCapacity: true)
  }
}
