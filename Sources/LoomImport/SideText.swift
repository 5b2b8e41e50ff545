internal import LoomCore

/// The words for the side that started a trade.
enum SideText {
  /// `buy` and `sell` and their kin; for `is_buyer_maker` true means a seller started it.
  ///
  /// Anything else says nothing: a side never makes a row malformed.
  static func flags(_ text: [UInt8]) -> TickFlags {
    switch text.trimmedText?.lowercased() {
    case "buy", "b", "bid", "buyer", "false", "0": .buyer
    case "sell", "s", "ask", "seller", "a", "true", "1": .seller
    default: []
    }
  }
}
