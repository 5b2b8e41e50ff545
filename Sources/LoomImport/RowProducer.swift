internal import LoomSystem

/// Something that rows come from: a file, or a simulation.
protocol RowProducer: AnyObject {
  /// Appends at least `count` rows to `chunk`, in reading order; fewer only at the end.
  func fill(_ chunk: inout RowChunk, atLeast count: Int) throws(ImportError)
  /// The symbol that ticks of the chunk call `place`.
  func name(ofSymbol place: Int) -> String
  /// Forgets where it stands and gives back memory; the next rows are the first ones again.
  func rest()
  /// Gives back memory; no more rows are asked for.
  func finish()
  /// Whether it can start again.
  var canRest: Bool { get }
  /// Bytes of memory it takes to read on, beside the rows.
  var memoryBytes: Int { get }
  /// Moves its text where reading takes no memory.
  func unpack(into spill: ByteSourceSpill) throws(ImportError)
  /// Bytes read so far of the file.
  var bytesRead: Int64 { get }
  /// Bytes of the file; nil where that is not known.
  var bytesTotal: Int64? { get }
}
