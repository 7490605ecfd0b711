package dev.slipway.standalone;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What people call a pull request: `owner/name#7`, `owner/name 7`, or its address.
record PullRequestName(String owner, String repository, String number) {
  static final String PATH = "/api/v1/pull-requests";
  private static final Pattern NAMED =
      Pattern.compile("(?:https?://[^/]+/)?([^/#\\s]+)/([^/#\\s]+)(?:[# ]|/pull/)([1-9]\\d{0,17})");

  static Optional<PullRequestName> parse(String text) {
    Matcher name = NAMED.matcher(text);
    return name.matches()
        ? Optional.of(new PullRequestName(name.group(1), name.group(2), name.group(3)))
        : Optional.empty();
  }

  /// Where the API has it.
  String path() {
    return "%s/%s/%s/%s"
        .formatted(PATH, Sandboxes.encoded(owner), Sandboxes.encoded(repository), number);
  }

  /// As `owner/name`.
  String fullName() {
    return owner + "/" + repository;
  }

  @Override
  public String toString() {
    return fullName() + "#" + number;
  }
}
