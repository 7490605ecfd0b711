package dev.slipway.standalone;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Repositories that are to be worked at together.
final class RepositoryList {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}");

  private RepositoryList() {}

  /// Reads one from each line; what follows a `#` is for people, and one that is there twice is
  /// one.
  ///
  /// @throws CommandFailedException when there is none
  static List<String> parse(String text) {
    Set<String> all = new LinkedHashSet<>();
    text.lines()
        .map(line -> line.replaceFirst("(^|\\s)#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .forEach(all::add);
    if (all.isEmpty()) {
      throw new CommandFailedException(
          ExitCode.USAGE, "--repositories names none: one a line, as URL or OWNER/NAME");
    }
    return List.copyOf(all);
  }

  /// Whether it is a name that only GitHub's address makes an address.
  static boolean isName(String repository) {
    return NAME.matcher(repository).matches();
  }

  /// Its address.
  ///
  /// @param gitUrl where the repositories of the installation's GitHub are
  static String address(String repository, String gitUrl) {
    return isName(repository) ? gitUrl + "/" + repository : repository;
  }
}
