package dev.slipway.standalone.chaos;

/// A point in a task's way at which a service can be killed: it is there when a double has been
/// asked for something, which a rule of the double's keeps half done meanwhile.
enum Point {
  GITHUB_CREATES(
      "while GitHub creates a pull request",
      "delay",
      "POST /repos/*/*/pulls",
      "POST /repos/{owner}/{repo}/pulls",
      Part.PR_SERVICE),
  BETWEEN_LOOK_UP_AND_CREATE(
      "between look-up and create",
      "refuse",
      "POST /repos/*/*/pulls",
      "POST /repos/{owner}/{repo}/pulls",
      Part.PR_SERVICE),
  CREATED_WITHOUT_AN_ANSWER(
      "after the create, before its answer",
      "drop_answer",
      "POST /repos/*/*/pulls",
      "POST /repos/{owner}/{repo}/pulls",
      Part.PR_SERVICE),
  LOOKING_UP(
      "while GitHub is asked for pull requests",
      "delay",
      "GET /repos/*/*/pulls",
      "GET /repos/{owner}/{repo}/pulls",
      Part.PR_SERVICE),
  SANDBOX_CREATED(
      "while a sandbox is created",
      "delay",
      "POST /v2/sandboxes",
      "POST /v2/sandboxes",
      Part.SANDBOX_WORKER),
  CLONE_UPLOADED(
      "while a clone is uploaded", "delay", "POST /files", "POST /files", Part.SANDBOX_WORKER),
  PUSHING(
      "while a branch is pushed",
      "delay",
      "POST /*/*/git-receive-pack",
      "POST /{owner}/{repo}/git-receive-pack",
      Part.SANDBOX_WORKER),
  PUSHED_BEFORE_ITS_EVENT(
      "after the push, before its event",
      "drop_answer",
      "POST /*/*/git-receive-pack",
      "POST /{owner}/{repo}/git-receive-pack",
      Part.SANDBOX_WORKER);

  /// Long enough to be killed meanwhile.
  private static final int DELAY_MILLIS = 2_500;

  private final String title;
  private final String kind;
  private final String match;
  private final String route;
  private final Part victim;

  Point(String title, String kind, String match, String route, Part victim) {
    this.title = title;
    this.kind = kind;
    this.match = match;
    this.route = route;
    this.victim = victim;
  }

  /// As people read it.
  String title() {
    return title;
  }

  /// What keeps it half done.
  Rule rule() {
    return new Rule(match, kind, 0, kind.equals("delay") ? DELAY_MILLIS : 0, 1);
  }

  /// The route of which the double counts one more when the point is reached.
  String route() {
    return route;
  }

  /// Whose processes are killed, all of them: which one acts cannot be seen.
  Part victim() {
    return victim;
  }

  /// Whether the sandboxes' double is asked, else GitHub's.
  boolean isAtSandboxes() {
    return this == SANDBOX_CREATED || this == CLONE_UPLOADED;
  }
}
