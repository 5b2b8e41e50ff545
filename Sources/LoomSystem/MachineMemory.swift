internal import Glibc

/// How much memory the machine has.
public enum MachineMemory {
  /// Physical memory in bytes.
  public static var bytes: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }
}
