/// Turns the bytes of a file into the bytes of its text, or into another stage's input.
protocol Decoder: AnyObject {
  /// Fills `target` from the front and returns how many bytes came; 0 only at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int
}

extension ByteSourceInput: Decoder {}
