/// Why bytes could not be read from a file or from standard input.
public enum ByteSourceError: Error, Equatable, Sendable {
  /// The system refused to open `path`; `reason` is its own explanation.
  case cannotOpen(path: String, reason: String)
  /// The system refused to read on at `byte` of `path`.
  case cannotRead(path: String, byte: Int64, reason: String)
  /// `path` was replaced by another file while it was being read.
  case changed(path: String)
  /// The `format` stream of `path` is damaged near `byte` of the file.
  case damaged(path: String, format: String, byte: Int64, detail: String)
  /// `path` ends at `byte`, in the middle of its `format` stream.
  case truncated(path: String, format: String, byte: Int64)
  /// There is no room for temporary data in `folder`.
  case cannotSpill(folder: String, reason: String)
  /// Somebody asked to stop before the end of `path`.
  case cancelled(path: String)
}

extension ByteSourceError: CustomStringConvertible {
  /// What was wrong, where, and what helps.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path): cannot be opened: \(reason)"
    case .cannotRead(let path, let byte, let reason):
      "\(path), byte \(byte): cannot be read: \(reason)"
    case .changed(let path):
      "\(path): was replaced by another file while it was being read; run again"
    case .damaged(let path, let format, let byte, let detail):
      "\(path), byte \(byte): the \(format) data is damaged (\(detail)); "
        + "no option helps, fetch the file again"
    case .truncated(let path, let format, let byte):
      "\(path), byte \(byte): the file ends in the middle of its \(format) data, rows are missing; "
        + "no option helps, fetch the file again"
    case .cannotSpill(let folder, let reason):
      "\(folder): no temporary file can be written: \(reason)"
    case .cancelled(let path): "\(path): the reading was stopped"
    }
  }
}
