internal import CMalloc

/// What the C heap has handed out.
public enum HeapUse {
  /// Bytes of it that are in use now, large pieces that stand apart included.
  public static var bytes: Int {
    let all = mallinfo2()
    return Int(all.uordblks + all.hblkhd)
  }

  /// How many bytes of it stay allocated by what `body` returns, the least of three tries.
  ///
  /// Other threads may allocate meanwhile: an estimate, 0 where the heap does not tell.
  public static func bytes<Kept>(of body: () -> Kept) -> Int {
    (0..<3).map { _ in
      let before = mallinfo2().uordblks
      let kept = body()
      let after = mallinfo2().uordblks
      return withExtendedLifetime(kept) { after > before ? Int(after - before) : 0 }
    }.min() ?? 0
  }
}
