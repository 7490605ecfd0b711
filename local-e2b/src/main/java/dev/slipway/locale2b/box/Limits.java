package dev.slipway.locale2b.box;

/// What one box may take.
///
/// @param memoryBytes of all its processes and its temporary files together. Too little, and `git`
///   or a test run is killed in the middle; too much, and a few boxes take the machine's
/// @param cpus processors' worth of time, such as 1.5
/// @param processes processes and threads together, of which the box's own take a few
/// @param diskBytes of its home and other files. Only roughly kept: no single file grows larger,
///   and [Usage] tells what all of them take
public record Limits(long memoryBytes, double cpus, int processes, long diskBytes) {
  private static final long MIB = 1024L * 1024;

  /// Enough for what the base template is for: a shell, git, Python and their like.
  public static final Limits DEFAULT = new Limits(1024 * MIB, 2, 512, 4096 * MIB);

  private static final long LEAST_MEMORY_BYTES = 64 * MIB;
  private static final int LEAST_PROCESSES = 16;

  public Limits {
    if (memoryBytes < LEAST_MEMORY_BYTES) {
      throw new IllegalArgumentException("a box needs at least 64 MiB of memory");
    }
    if (!(cpus >= 0.1 && cpus <= 1024)) {
      throw new IllegalArgumentException("a box needs between 0.1 and 1024 processors");
    }
    if (processes < LEAST_PROCESSES) {
      throw new IllegalArgumentException("a box needs at least 16 processes");
    }
    if (diskBytes < MIB) {
      throw new IllegalArgumentException("a box needs at least 1 MiB of disk");
    }
  }
}
