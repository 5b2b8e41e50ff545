internal import LoomSystem
internal import Tickloom

/// `tickloom sim`: a simulated market as CSV on standard output.
struct SimulateCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom sim SYMBOLS,TICKS,SEED

      Writes a simulated market as CSV to standard output: TICKS ticks in total, about 10 a second \
      and symbol, with a known correlation, gaps, outliers, crossed quotes, duplicates and late \
      ticks. The same three numbers give the same bytes.
      """, options: options)
  static let options = [ArgumentOption("help", help: "Show this help.")]

  private let market: SimulatedMarket

  init(_ arguments: Arguments) throws {
    guard arguments.inputs.count == 1 else {
      throw OptionError("sim takes one argument, SYMBOLS,TICKS,SEED, such as 8,200000,1")
    }
    do {
      market = try SimulatedMarket(arguments.inputs[0])
    } catch {
      throw OptionError(error.description)
    }
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    var market = market
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    writer.text.append("timestamp,symbol,bid,ask,bid_size,ask_size,last,size,seq")
    try writer.endRow()
    while let tick = market.next() {
      write(tick, name: market.symbolNames[tick.symbol.index], to: &writer.text)
      try writer.endRow()
      if cancellation.isRequested { throw RunError.cancelled }
    }
    try writer.commit()
    return .good
  }

  private func write(_ tick: Tick, name: String, to text: inout TextBuffer) {
    let comma = UInt8(ascii: ",")
    text.append(timeNanoseconds: tick.time.nanoseconds)
    text.append(byte: comma)
    text.append(name)
    text.append(byte: comma)
    text.append(tick.bid)
    text.append(byte: comma)
    text.append(tick.ask)
    text.append(byte: comma)
    text.append(tick.bidSize)
    text.append(byte: comma)
    text.append(tick.askSize)
    text.append(byte: comma)
    text.append(tick.last)
    text.append(byte: comma)
    text.append(tick.lastSize)
    text.append(byte: comma)
    if tick.venueSequence != 0 { text.append(tick.venueSequence) }
  }
}
