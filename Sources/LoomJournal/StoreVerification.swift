/// What verifying a store has found.
public struct StoreVerification: Sendable {
  /// Everything that is not what was written; empty for a sound store.
  public internal(set) var findings: [StoreFinding] = []
  /// What a recovered store lacks, which is no finding.
  public internal(set) var gaps: [StoreGap] = []
  /// What its retention has deleted, which is no finding.
  public internal(set) var retained = StoreRetained()
  /// How many inputs were decoded.
  public internal(set) var inputs = 0
  /// How many blocks they are in.
  public internal(set) var blocks = 0
  /// The first and the last sequence among them; nil without any.
  public internal(set) var sequences: ClosedRange<UInt64>?
  /// How many rows of other tables were compared with their digests.
  public internal(set) var rows = 0
  /// Whether there are digests; stores of an older format have none.
  public internal(set) var hasDigests = true

  /// Whether all of it is what was written.
  public var isSound: Bool { findings.isEmpty }
}
