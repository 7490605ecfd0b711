package dev.slipway.sandbox.provider;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// The processes and files of one sandbox, seen by its default user.
///
/// Safe for use by many threads. Relative paths begin at the user's home. Every call throws one of
/// the two [ProviderFailure]s and nothing else, `sandbox_lost` when the sandbox is gone; a paused
/// one is `unavailable`.
public interface SandboxSession {
  /// Starts a process and waits until it runs.
  ///
  /// @return what it prints from its beginning
  /// @throws ProviderRefusedException `validation_failed`: no such directory, or nothing that could
  ///   be run. With [ProviderFailure#mayHaveHappened] it may run all the same
  ProcessStream start(Command command);

  /// Attaches to a process that runs or ended within the last half minute.
  ///
  /// @return what it prints from now on: what it printed while nobody listened is lost
  /// @throws ProviderRefusedException `not_found`: no such process
  ProcessStream connect(long pid);

  /// Writes to a process's standard input. In order only if each call is awaited.
  ///
  /// @throws ProviderRefusedException `not_found`: no such process
  void sendStdin(long pid, byte[] bytes);

  /// Ends a process's standard input; doing it twice is fine.
  ///
  /// @throws ProviderRefusedException `not_found`: no such process
  void closeStdin(long pid);

  /// Signals one process, not its children.
  ///
  /// @return false when there is no such process
  boolean signal(long pid, Signal signal);

  /// The processes that were started from outside and still run.
  List<RunningProcess> processes();

  /// The bytes of a file, as they come; the caller closes the stream. A read that finds the
  /// connection broken throws a [ProviderUnavailableException]: read on from there.
  ///
  /// @param range beyond the end of the file it is an empty stream
  /// @return empty when there is no such file
  /// @throws ProviderRefusedException `validation_failed`: the path is a directory
  Optional<InputStream> read(String path, ByteRange range);

  /// Creates or replaces a file and the directories that it lies in, without ever holding more than
  /// a small part of it. After a failure the file may be there in part.
  ///
  /// @param content is not closed; what it throws is passed on as [java.io.UncheckedIOException]
  /// @throws ProviderRefusedException `too_large`: the disk is full; `validation_failed`: the path
  ///   is a directory
  void write(String path, InputStream content);

  /// What is at a path.
  ///
  /// @return empty when there is nothing
  Optional<FileEntry> stat(String path);

  /// What a directory holds.
  ///
  /// @param depth 1 for its own entries, more for those of the directories in it
  /// @return empty when there is no such directory
  /// @throws ProviderRefusedException `validation_failed`: the path is no directory; `too_large`:
  ///   more entries than one answer may hold
  Optional<List<FileEntry>> list(String path, int depth);

  /// Makes a directory and those that it lies in.
  ///
  /// @return false when it was there
  /// @throws ProviderRefusedException `validation_failed`: a file is there
  boolean makeDirectory(String path);

  /// Removes a file, or a directory with all that it holds; what is not there is fine.
  void remove(String path);

  /// Renames within the sandbox, replacing a file that is there.
  ///
  /// @throws ProviderRefusedException `not_found`: nothing is at `source`
  void move(String source, String destination);

  /// Whether the sandbox answers now: neither gone nor paused.
  boolean isAlive();
}
