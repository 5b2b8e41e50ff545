import Testing

/// The orders in the board that no data depends on: with them its writer finds a free slot at once.
///
/// A reader gives a slot back and then its place; another takes the place and registers with the
/// latest slot; the writer takes that word away and looks for a free slot. That it sees the first one
/// follows where each step happens before the next. Neither processor nor sanitizer shows it where a
/// step is weaker (the writer would look again until it sees it), so the orders are read from the
/// source and put into that chain.
struct BoardOrderTests {
  /// What one thread passes on, and another goes on from.
  private struct Link {
    let function: String
    let operation: String
    let isRelease: Bool
  }

  /// Each reads what the one before has written.
  private static let links = [
    (
      Link(
        function: "void loom_board_release(",
        operation: "atomic_fetch_sub_explicit(&board->holders", isRelease: true),
      Link(
        function: "bool loom_board_hold(",
        operation: "atomic_fetch_add_explicit(&board->holders", isRelease: false)
    ),
    (
      Link(
        function: "static bool take_latest(",
        operation: "atomic_fetch_add_explicit(&board->latest", isRelease: true),
      Link(
        function: "void loom_board_publish(",
        operation: "atomic_exchange_explicit(&board->latest", isRelease: false)
    ),
  ]

  /// The order of an operation, as the source says.
  private static func order(of link: Link, in source: String) throws -> String {
    let body = try #require(source.split(separator: link.function).dropFirst().first)
    let call = try #require(body.split(separator: link.operation).dropFirst().first)
    let order = try #require(call.split(separator: "memory_order_").dropFirst().first)
    return String(order.prefix { $0.isLetter || $0 == "_" })
  }

  private static func passesOn(_ link: Link, _ order: String) -> Bool {
    order == "acq_rel" || order == "seq_cst" || order == (link.isRelease ? "release" : "acquire")
  }

  @Test func `who takes a place has the writer see the slot that was given back with it`() throws {
    let source = try Repository.text(of: "CSources/CLoomCore/loom_board.c")
    for (writer, reader) in Self.links {
      for link in [writer, reader] {
        let order = try Self.order(of: link, in: source)
        #expect(Self.passesOn(link, order), "\(link.function) \(link.operation): \(order)")
      }
    }
    // Within a thread the steps stand in this order.
    let release = try #require(source.split(separator: "void loom_board_release(").last)
    let steps = release.split(separator: "\n}").first ?? ""
    #expect(steps.split(separator: "give_back(board, slot);").count == 2)
    #expect(steps.split(separator: "give_back(board, slot);").last?.contains("holders") == true)
  }
}
