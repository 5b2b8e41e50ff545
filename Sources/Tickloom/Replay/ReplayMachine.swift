internal import LoomCore
internal import LoomJournal

/// Whether this machine gives the bits that a store was made with.
public enum ReplayMachine {
  /// What to tell before a store is compared with what its inputs give here; nil where the processor
  /// is of the same kind, and so is the linear algebra library, or where there is no telling.
  public static func warning(path: String) -> String? {
    guard let parts = try? StorePart.all(path: path) else { return nil }
    let here = (Processor.kind, BLAS.kernelName)
    let other = parts.map(\.manifest).first { ($0.processor, $0.linearAlgebra) != here }
    guard let other else { return nil }
    return "\(path) was made on a processor of kind \(other.processor) with the BLAS kernel "
      + "\(other.linearAlgebra), and this one is \(here.0) with \(here.1): numbers may differ from "
      + "the twelfth digit on, and with them hashes"
  }
}
