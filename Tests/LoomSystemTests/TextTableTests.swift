import LoomSystem
import Testing

struct TextTableTests {
  @Test func `numbers texts by first appearance`() {
    let table = TextTable()
    let names = (0..<500).map { "S\($0 * 7919)" } + ["A", "A ", "AB", "longer than eight", ""]
    for (place, name) in names.dropLast().enumerated() {
      #expect(table.index(of: Array(name.utf8)) == UInt32(place))
    }
    for (place, name) in names.dropLast().enumerated() {
      #expect(table.index(of: Array(name.utf8)) == UInt32(place))
    }
    #expect(table.texts == names.dropLast())
    #expect(table.index(of: []) == TextTable.empty)
  }

  @Test func `tells texts apart by every byte`() {
    let table = TextTable()
    let base = Array("abcdefghijklmnopqrstuvwx".utf8)
    var seen = Set([table.index(of: base)])
    for place in base.indices {
      var other = base
      other[place] ^= 1
      #expect(seen.insert(table.index(of: other)).inserted)
    }
    #expect(seen.insert(table.index(of: [0x41])).inserted)
    #expect(seen.insert(table.index(of: [0x41, 0])).inserted)
  }

  @Test func `a text that is not UTF-8 is illegal`() {
    let table = TextTable()
    #expect(table.index(of: [0xC8, 0xD5]) == TextTable.illegal)
    #expect(table.index(of: [0xC8, 0xD5]) == TextTable.illegal)
    #expect(table.texts.isEmpty)
  }
}
