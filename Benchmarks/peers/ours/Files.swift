import Glibc

enum FileError: Error { case unreadable(String), unwritable(String) }

/// The raw little-endian doubles of a file.
func doubles(_ path: String) throws -> [Double] { try values(path, zero: 0) }

/// The raw little-endian integers of a file.
func integers(_ path: String) throws -> [Int64] { try values(path, zero: 0) }

private func values<Value: BitwiseCopyable>(_ path: String, zero: Value) throws -> [Value] {
  guard let file = unsafe fopen(path, "rb") else { throw FileError.unreadable(path) }
  defer { unsafe fclose(file) }
  unsafe fseek(file, 0, SEEK_END)
  let count = unsafe ftell(file) / MemoryLayout<Value>.stride
  unsafe rewind(file)
  var values = [Value](repeating: zero, count: count)
  let taken = unsafe values.withUnsafeMutableBytes { bytes in
    unsafe fread(bytes.baseAddress, MemoryLayout<Value>.stride, count, file)
  }
  guard taken == count else { throw FileError.unreadable(path) }
  return values
}

/// Writes raw little-endian doubles.
func write(_ values: [Double], to path: String) throws {
  guard let file = unsafe fopen(path, "wb") else { throw FileError.unwritable(path) }
  let written = unsafe values.withUnsafeBytes { bytes in
    unsafe fwrite(bytes.baseAddress, MemoryLayout<Double>.stride, values.count, file)
  }
  guard unsafe fclose(file) == 0, written == values.count else {
    throw FileError.unwritable(path)
  }
}
