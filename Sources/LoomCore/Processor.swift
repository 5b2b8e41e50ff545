internal import CLoomCore

/// The processor the program runs on.
public enum Processor {
  /// Its kind as far as results can depend on it, such as `x86-64-v3`.
  ///
  /// The same build gives the same bits on processors of one kind; between kinds, in which the
  /// logarithm of the C library differs, values agree to 1e-12.
  public static let kind = unsafe String(cString: loom_processor_kind())
}
