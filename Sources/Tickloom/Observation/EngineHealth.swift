public import LoomCore
internal import LoomSystem

/// Whether an ``Engine`` is well, and what is not: see ``Engine/health()``.
public struct EngineHealth: Hashable, Sendable {
  /// How it is on the whole.
  public enum State: String, Sendable {
    /// It takes ticks, and nothing is wrong.
    case ok
    /// It takes ticks, and something is wrong.
    case degraded
    /// The kill switch was thrown, or its thread has ended: it takes no more ticks.
    case halted
    /// It was stopped.
    case stopped
  }

  /// Something that is wrong, for as long as it is.
  public struct Trouble: Hashable, Sendable {
    /// Which part it is about.
    public let component: Diagnostic.Component
    /// What it is; the same text each time.
    public let message: String
    /// About which symbol, why, and how much.
    public let fields: [Diagnostic.Field]
    /// Since when, by the monotonic clock; when it was looked at, where it is not known.
    public let monotonicNanoseconds: Int64
    /// Where the market clock, or the symbol's bar, was then; nil where that is not known.
    public let marketTime: Timestamp?
  }

  /// How it is on the whole.
  public let state: State
  /// What is wrong, in the order in which it began.
  public let troubles: [Trouble]
  /// When it was looked at, by the monotonic clock.
  public let monotonicNanoseconds: Int64

  /// One JSON object, without a line feed at its end.
  public func json() -> String {
    var json = JSONText()
    json.object { json in
      json.member("state", state.rawValue)
      json.array("troubles", troubles) { trouble, json in
        json.member("component", trouble.component.rawValue)
        json.member("message", trouble.message)
        json.member("seconds", seconds(trouble))
        if let time = trouble.marketTime { json.member("market_time", "\(time)") }
        json.member("fields") { json in
          for field in trouble.fields { json.member(field.name, field.value) }
        }
      }
    }
    return json.finish().withBytes { bytes in
      String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
  }

  private func seconds(_ trouble: Trouble) -> Double {
    Double(monotonicNanoseconds - trouble.monotonicNanoseconds) / 1e9
  }
}

extension EngineHealth: CustomStringConvertible {
  /// The state, and a line for each trouble: `feed: overflow symbol=EURUSD, for 3 s`.
  public var description: String {
    troubles.reduce(state.rawValue) { text, trouble in
      let fields = trouble.fields.reduce("") { $0 + " \($1)" }
      let since = Int(seconds(trouble))
      return text + "\n\(trouble.component.rawValue): \(trouble.message)\(fields), for \(since) s"
    }
  }
}
