package dev.slipway.sandbox.git;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What git's words mean: pure. It is run with `LC_ALL=C`, so that they are always the same.
///
/// | git says | code |
/// |---|---|
/// | no user name to be had, authentication failed, 401 | `auth_failed` |
/// | not found, 404; a redirect | `not_found` |
/// | denied, 403 | `forbidden` |
/// | rate limited, 429 | `rate_limited`, again after 30 s |
/// | 5xx, no connection, a connection that broke | `unavailable`, again |
/// | no such ref, no such object | `base_not_found` |
/// | anything else | `internal` |
final class Complaints {
  private static final Duration THROTTLED = Duration.ofSeconds(30);
  private static final int MOST_TOLD = 300;

  private static final Rule MOVED =
      new Rule(
          "error: 30[1-8]|redirect",
          GitCode.NOT_FOUND,
          "The repository has moved to where nobody follows: use its new address.");

  /// In this order: what throttles may look like what forbids.
  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "rate.?limit|error: 429",
              GitCode.RATE_LIMITED,
              "The git host takes no more requests for now."),
          new Rule(
              "could not read (Username|Password)|Authentication failed|error: 401|terminal prompts"
                  + " disabled",
              GitCode.AUTH_FAILED,
              "The git host asks for a credential that opens this repository: there is none for"
                  + " its owner, it has expired, or there is no such repository."),
          MOVED,
          new Rule(
              "Repository not found|error: 404|repository '[^']*' not found",
              GitCode.NOT_FOUND,
              "There is no such repository, or the credential for its owner does not open it."),
          new Rule(
              "Permission to .* denied|error: 403|access denied",
              GitCode.FORBIDDEN,
              "The git host's answer is 403: the credential for the repository's owner may not do"
                  + " this."),
          new Rule(
              "not our ref|couldn't find remote ref|no such remote ref|Server does not allow"
                  + " request for unadvertised object",
              GitCode.BASE_NOT_FOUND,
              "The remote does not have the commit any more."),
          new Rule(
              "timed out|Operation too slow|error: 408|error: 504",
              GitCode.TIMEOUT,
              "The git host did not answer in time."),
          new Rule(
              "error: 5\\d\\d|Could not resolve|Failed to connect|Couldn't connect|Connection"
                  + " (refused|reset)|early EOF|hung up|RPC failed|transfer closed|unexpected"
                  + " disconnect|Empty reply|SSL|TLS|certificate|Recv failure|Send failure|HTTP/2",
              GitCode.UNAVAILABLE,
              "The git host cannot be reached, or broke off."));

  private static final Pattern REJECTED =
      Pattern.compile("^!\\t[^\\t]*\\t\\[([^\\]]*)\\](?: \\((.*)\\))?$", Pattern.MULTILINE);
  private static final Pattern REASON =
      Pattern.compile("^remote: *(?:error: *)?(.*\\S) *$", Pattern.MULTILINE);

  private Complaints() {}

  private record Rule(Pattern words, GitCode code, String message) {
    Rule(String words, GitCode code, String message) {
      this(Pattern.compile(words, Pattern.CASE_INSENSITIVE), code, message);
    }
  }

  /// Whether a run says that what it asked for is elsewhere.
  static boolean isMoved(String errors) {
    return MOVED.words().matcher(errors).find();
  }

  /// What a run says that failed.
  static GitException of(String errors) {
    for (Rule rule : RULES) {
      if (rule.words().matcher(errors).find()) {
        return new GitException(
            rule.code(),
            rule.message(),
            rule.code() == GitCode.RATE_LIMITED ? THROTTLED : Duration.ZERO);
      }
    }
    return new GitException(
        GitCode.INTERNAL, "Git on the worker failed, in words that nobody knows: try again.");
  }

  /// Whether a push says that a branch is not where it was thought to be.
  ///
  /// @param porcelain a line for each ref
  static boolean isElsewhere(String porcelain) {
    Matcher rejected = REJECTED.matcher(porcelain);
    return rejected.find()
        && rejected.group(1).equals("rejected")
        && "stale info".equals(rejected.group(2));
  }

  /// What a push says that failed.
  ///
  /// @param porcelain a line for each ref
  static GitException ofPush(String porcelain, String errors) {
    Matcher rejected = REJECTED.matcher(porcelain);
    if (!rejected.find()) {
      return of(errors);
    }
    String reason = rejected.group(2) == null ? "" : rejected.group(2);
    if (rejected.group(1).equals("rejected")) {
      return hasMoved();
    }
    if (reason.contains("cannot lock ref") || reason.contains("failed to update ref")) {
      return new GitException(GitCode.UNAVAILABLE, "The branch is being changed by somebody else.");
    }
    if (reason.contains("protected branch") || errors.contains("GH006")) {
      return new GitException(
          GitCode.PROTECTED_BRANCH,
          told("The branch is protected: make another. ", reason, errors));
    }
    return new GitException(
        GitCode.PUSH_REJECTED, told("The git host refuses the push. ", reason, errors));
  }

  /// A branch on the remote is not where it was.
  static GitException hasMoved() {
    return new GitException(
        GitCode.NON_FAST_FORWARD,
        "The branch has moved on the remote and is not set back: make another branch.");
  }

  /// The host's own words, as far as people can read them.
  private static String told(String message, String reason, String errors) {
    StringBuilder words = new StringBuilder(reason);
    Matcher lines = REASON.matcher(errors);
    while (lines.find() && words.length() < MOST_TOLD) {
      words.append(words.isEmpty() ? "" : " ").append(lines.group(1));
    }
    String readable = words.toString().replaceAll("[^\\p{Graph} ]", "");
    return message + "It says: " + readable.substring(0, Math.min(MOST_TOLD, readable.length()));
  }
}
