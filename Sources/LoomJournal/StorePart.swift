internal import LoomCore

/// A part of a store that one program has written in one go: the run, or what went on later.
public struct StorePart: Hashable, Sendable {
  /// What made it.
  public let manifest: StoreManifest
  /// Its first input, if any came.
  public let firstSequence: UInt64
  /// The XXH3-128 of the run's configuration.
  public let configurationHash: String

  /// The parts of the store at `path`, in order; none where it is of an older format.
  ///
  /// - Throws: ``JournalError`` where it cannot be read.
  public static func all(path: String) throws(JournalError) -> [StorePart] {
    do throws(JournalError) { return try Database.reading(path).parts() } catch {
      throw error.whileReading
    }
  }
}

extension Database {
  /// The parts in order.
  func parts() throws(JournalError) -> [StorePart] {
    if try count("sqlite_schema WHERE name = 'manifest'") == 0 { return [] }
    var rows = try Statement(
      """
      SELECT started_ns, first_seq, program, configuration_hash, processor, blas, inputs
      FROM manifest ORDER BY number
      """, on: self)
    var parts: [StorePart] = []
    while try rows.next(on: self) {
      let manifest = StoreManifest(
        program: rows.text(2) ?? "", inputs: rows.text(6) ?? "", processor: rows.text(4) ?? "",
        linearAlgebra: rows.text(5) ?? "", started: Timestamp(nanoseconds: rows.integer(0)))
      parts.append(
        StorePart(
          manifest: manifest, firstSequence: UInt64(bitPattern: rows.integer(1)),
          configurationHash: rows.text(3) ?? ""))
    }
    return parts
  }
}
