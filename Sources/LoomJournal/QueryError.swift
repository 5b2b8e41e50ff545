/// Why a query of a store has no answer.
public enum QueryError: Error, Hashable, Sendable {
  /// There is no such file.
  case noStore(path: String)
  /// The file is something else.
  case notAStore(path: String)
  /// The store was written by a newer Tickloom; `format` is the number of its format.
  case newerStore(path: String, format: Int)
  /// There is no statement in the text.
  case noStatement
  /// There is more than one.
  case severalStatements
  /// The statement does more than reading the store.
  case notReading
  /// SQLite does not understand it; `offset` is where, in bytes, where that is known.
  case sql(String, message: String, offset: Int?)
  /// Reading failed, for example because the inputs are damaged.
  case failed(path: String, message: String)
  /// Somebody asked to stop.
  case interrupted
}

extension QueryError: CustomStringConvertible {
  /// One line: what was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .noStore(let path): "there is no store \(path); tickloom run --store writes one"
    case .notAStore(let path):
      "\(path) is not a Tickloom store; name one that tickloom run --store wrote"
    case .newerStore(let path, let format):
      "\(path) has format \(format) of a newer Tickloom (this one reads \(StoreSchema.format)); "
        + "update Tickloom"
    case .noStatement: "the query is empty; give a SELECT, such as SELECT * FROM ticks LIMIT 5"
    case .severalStatements: "the query holds several statements; give one at a time"
    case .notReading: "a query only reads the one store; give a SELECT"
    case .sql(let text, let message, let offset):
      "the query is wrong\(Self.place(offset, in: text)): \(message)"
    case .failed(let path, let message): "cannot read the store \(path): \(message)"
    case .interrupted: "the query was interrupted"
    }
  }

  /// The words from `offset` on, and which character they begin with.
  private static func place(_ offset: Int?, in text: String) -> String {
    guard let offset, offset >= 0, offset <= text.utf8.count else { return "" }
    let start = text.utf8.index(text.startIndex, offsetBy: offset)
    let rest = text[start...].prefix(24)
    let character = text[..<start].count + 1
    return rest.isEmpty ? " at its end" : " at character \(character), `\(rest)`"
  }
}
