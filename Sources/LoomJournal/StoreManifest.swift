public import LoomCore
internal import LoomSystem

/// What made a part of a store: kept with each run, and each time that it goes on.
///
/// A replay gives the same bits on the same build and kind of processor; elsewhere this tells why not.
public struct StoreManifest: Hashable, Sendable {
  /// The program and its version.
  public let program: String
  /// Where the inputs came from, a line each.
  public let inputs: String
  /// The kind of the processor, as ``LoomCore/Processor/kind``.
  public let processor: String
  /// The kernel of the linear algebra library, as ``LoomCore/BLAS/kernelName``.
  public let linearAlgebra: String
  /// When it began, by the wall clock.
  public let started: Timestamp

  /// Describes this program on this machine, now.
  public init(program: String, inputs: String = "") {
    self.init(
      program: program, inputs: inputs, processor: Processor.kind, linearAlgebra: BLAS.kernelName,
      started: Timestamp(nanoseconds: WallClock.nanoseconds))
  }

  init(
    program: String, inputs: String, processor: String, linearAlgebra: String, started: Timestamp
  ) {
    self.program = program
    self.inputs = inputs
    self.processor = processor
    self.linearAlgebra = linearAlgebra
    self.started = started
  }
}
