internal import LoomSystem

/// Why input cannot be read: what is wrong, where, and what helps.
public struct ImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds of failure that a caller may treat differently.
  public enum Kind: Sendable {
    /// An option has an illegal value.
    case option
    /// A file is no text with a recognisable time and price column.
    case unreadable
    /// The system failed to deliver bytes, or they are damaged.
    case bytes
    /// Somebody asked to stop.
    case cancelled
  }

  /// The kind of failure.
  public let kind: Kind
  /// What was found, where (file, line, column or byte), and which option helps, or that none does.
  public let description: String

  /// Creates an error.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  init(_ error: ByteSourceError) {
    let kind: Kind = if case .cancelled = error { .cancelled } else { .bytes }
    self.init(kind, error.description)
  }
}

/// Runs `body`, its failures told as import errors.
func reading<Value>(
  _ body: () throws(ByteSourceError) -> Value
) throws(ImportError) -> Value {
  do { return try body() } catch { throw ImportError(error) }
}
