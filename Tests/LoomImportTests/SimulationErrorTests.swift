import LoomCore
import LoomImport
import Testing

struct SimulationErrorTests {
  @Test func `reads symbols, ticks and seed`() throws {
    var market = try SimulatedMarket("2,30,18446744073709551615")
    #expect(market.symbolNames == ["SIM1", "SIM2"])
    #expect(market.tickCount == 30)
    var same = SimulatedMarket(symbols: 2, ticks: 30, seed: .max)
    for _ in 0..<30 { #expect(market.next()?.time == same.next()?.time) }
  }

  @Test(arguments: [
    "", "8", "8,100", "8,100,1,2", "8,,1", "a,100,1", "8,1e5,1", "-8,1,1", " 8,1,1",
  ])
  func `refuses what is not three whole numbers`(text: String) {
    #expect(throws: SimulationError.malformed(text)) { try SimulatedMarket(text) }
    #expect(SimulationError.malformed(text).description.contains("'\(text)'"))
    #expect(SimulationError.malformed(text).description.contains("SYMBOLS,TICKS,SEED"))
  }

  @Test(arguments: [
    ("0,100,1", "SYMBOLS", "0"), ("10001,100,1", "SYMBOLS", "10001"), ("8,0,1", "TICKS", "0"),
    ("8,4000000001,1", "TICKS", "4000000001"),
    ("8,99999999999999999999,1", "TICKS", "99999999999999999999"),
    ("8,100,18446744073709551616", "SEED", "18446744073709551616"),
  ])
  func `names the number that is out of range`(text: String, name: String, value: String) {
    let error = #expect(throws: SimulationError.self) { try SimulatedMarket(text) }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("\(name) of a simulated market is \(value), but must be "))
  }

  @Test func `counts outside the range are a bug of the caller`() async {
    await #expect(processExitsWith: .failure) {
      _ = SimulatedMarket(symbols: 0, ticks: 1, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = SimulatedMarket(symbols: 1, ticks: 0, seed: 1)
    }
  }
}
