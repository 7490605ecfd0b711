package dev.slipway.standalone.directory;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The process that holds a data directory.
///
/// @param command what it runs: `up` or `run infra`
/// @param pid its process id
public record Holder(String command, long pid) {
  private static final Pattern NOTE = Pattern.compile("([a-z -]+) (\\d{1,10})");

  static Optional<Holder> parse(String note) {
    Matcher matcher = NOTE.matcher(note);
    return matcher.matches()
        ? Optional.of(new Holder(matcher.group(1), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  boolean isAlive() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  @Override
  public String toString() {
    return "`slipway " + command + "` (process " + pid + ")";
  }
}
