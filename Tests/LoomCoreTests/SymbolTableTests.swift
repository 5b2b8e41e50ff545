import LoomCore
import Testing

struct SymbolTableTests {
  @Test func `symbols are numbered in order of registration`() {
    var table = SymbolTable()
    let ids = ["B", "A", "B", "000001", "1"].map { table.register($0) }
    #expect(ids.map(\.rawValue) == [0, 1, 0, 2, 3])
    #expect(table.names == ["B", "A", "000001", "1"])
    #expect(table["A"]?.rawValue == 1)
    #expect(table["C"] == nil)
    #expect(table[SymbolID(rawValue: 2)] == "000001")
  }

  @Test func `a symbol is taken as written, byte by byte`() {
    var table = SymbolTable()
    let composed = table.register("\u{E9}")
    let decomposed = table.register("e\u{301}")
    #expect(composed != decomposed)
    #expect(table.names.count == 2)
  }
}
