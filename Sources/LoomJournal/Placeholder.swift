/// Why the journal could not read or write.
public struct JournalError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
}
