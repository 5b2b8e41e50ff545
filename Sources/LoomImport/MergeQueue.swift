/// The files by the time of their next row: a binary heap, ties in order of the files.
struct MergeQueue {
  private struct Entry {
    var key: Int64
    var position: Int

    static func < (lhs: Entry, rhs: Entry) -> Bool {
      lhs.key != rhs.key ? lhs.key < rhs.key : lhs.position < rhs.position
    }
  }

  private var entries: [Entry] = []

  /// How many files there are.
  var count: Int { entries.count }
  /// The file whose next row is the earliest.
  var first: Int? { entries.first?.position }

  /// Adds a file.
  mutating func insert(_ position: Int, key: Int64) {
    entries.append(Entry(key: key, position: position))
    var child = entries.count - 1
    while child > 0, entries[child] < entries[(child - 1) / 2] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Says when the next row of the first file is.
  mutating func replaceFirst(key: Int64) {
    entries[0].key = key
    sink()
  }

  /// Takes the first file out.
  mutating func removeFirst() {
    let last = entries.removeLast()
    if entries.isEmpty { return }
    entries[0] = last
    sink()
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && entries[child] < entries[least] { least = child }
      if least == parent { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
