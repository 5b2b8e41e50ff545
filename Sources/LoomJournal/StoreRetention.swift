public import LoomCore

/// How long a ``Store`` keeps what it holds, kind by kind.
///
/// A span is time of the market, as the snapshots of the run tell it, not of a clock on the wall; so
/// one tick with a wrong time deletes nothing. What goes is what stands behind the newest snapshot
/// that is as old as the span: at least the span is kept, at most one distance of snapshots more, and
/// nothing at all while there is no such snapshot.
public struct StoreRetention: Hashable, Sendable {
  /// What may have a span of its own.
  public enum Kind: String, CaseIterable, Sendable {
    /// The inputs, and which of them were rejected.
    case ticks
    /// Bars.
    case bars
    /// Rows of features.
    case features
    /// Versions, and kept matrices.
    case versions
    /// Moves of the market clock that no tick made; never shorter than the ticks, which come out
    /// otherwise without them.
    case events
  }

  /// Keeps everything.
  public static let everything = StoreRetention([:])

  private let spans: [Kind: Nanoseconds]

  /// Keeps each kind for its span, and for ever what has none; all are longer than nothing.
  public init(_ spans: [Kind: Nanoseconds]) {
    precondition(spans.values.allSatisfy { $0 > .zero }, "a span is not longer than nothing")
    self.spans = spans
  }

  /// Reads one span for all kinds, `30d`, or one for each that is not kept for ever:
  /// `ticks=7d,bars=365d`; nil for any other text.
  public init?(_ text: String) {
    var spans: [Kind: Nanoseconds] = [:]
    if let span = Nanoseconds(text) {
      for kind in Kind.allCases { spans[kind] = span }
    } else {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let sides = part.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, let kind = Kind(rawValue: String(sides[0])), spans[kind] == nil,
          let span = Nanoseconds(sides[1])
        else { return nil }
        spans[kind] = span
      }
    }
    guard spans.values.allSatisfy({ $0 > .zero }) else { return nil }
    self.spans = spans
  }

  /// How long a kind is kept; nil for ever.
  public subscript(kind: Kind) -> Nanoseconds? { spans[kind] }

  /// Whether nothing is ever deleted.
  public var keepsEverything: Bool { spans.isEmpty }
}

extension StoreRetention: CustomStringConvertible {
  /// The spans as ``init(_:)-(String)`` reads them; empty where everything is kept.
  public var description: String {
    Kind.allCases.compactMap { kind in spans[kind].map { "\(kind.rawValue)=\($0)" } }
      .joined(separator: ",")
  }
}
