/// What a column of a file can mean.
public enum ColumnRole: Int, CaseIterable, Sendable {
  /// Event time.
  case time
  /// The symbol.
  case symbol
  /// Bid price.
  case bid
  /// Ask price.
  case ask
  /// Size at the bid.
  case bidSize
  /// Size at the ask.
  case askSize
  /// Price of a trade.
  case last
  /// Size of a trade, volume of a bar.
  case size
  /// The venue's sequence.
  case sequence
  /// The aggressor's side.
  case side
  /// Open of a bar.
  case open
  /// High of a bar.
  case high
  /// Low of a bar.
  case low
  /// Close of a bar.
  case close

  /// The names by which the column is recognised, in any case, the strongest first.
  public var names: [String] {
    switch self {
    case .time: ["timestamp", "timestamp_utc", "time", "ts", "date", "datetime", "ts_event"]
    case .symbol: ["symbol", "ticker", "sym", "instrument", "pair"]
    case .bid: ["bid", "bid_price", "bidprice"]
    case .ask: ["ask", "ask_price", "askprice", "offer"]
    case .bidSize: ["bid_size", "bidsize", "bid_volume", "bid_qty"]
    case .askSize: ["ask_size", "asksize", "ask_volume", "ask_qty"]
    case .last: ["last", "price", "trade_price"]
    case .size: ["size", "volume", "qty", "quantity", "amount", "last_size"]
    case .sequence: ["seq", "sequence", "trade_id", "id"]
    case .side: ["side", "is_buyer_maker"]
    case .open: ["open"]
    case .high: ["high"]
    case .low: ["low"]
    case .close: ["close"]
    }
  }

  /// The name of the role in `--columns`.
  var key: String { self == .time ? "time" : names[0] }

  /// The role that `name` stands for, in any case.
  init?(name: String) {
    let lower = name.lowercased()
    guard let role = Self.allCases.first(where: { $0.names.contains(lower) }) else { return nil }
    self = role
  }
}
