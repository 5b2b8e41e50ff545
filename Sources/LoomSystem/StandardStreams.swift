internal import Glibc

/// The three descriptors that every process should have been started with.
public enum StandardStreams {
  /// Takes the places of those that are closed, so that no file opened later lands there.
  ///
  /// Without it, what is meant for a person could be written into an export, and a pipe of our own
  /// be read as standard input. Using a place taken here fails, as using a closed one would. For
  /// executables, first of all.
  public static func reserve() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest closed descriptor is the one that it gets.
      _ = unsafe open("/dev/null", mode)
    }
  }
}
