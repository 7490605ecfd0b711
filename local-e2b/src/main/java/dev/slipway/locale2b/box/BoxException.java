package dev.slipway.locale2b.box;

/// Why something could not be done in or with a box.
public final class BoxException extends Exception {
  /// What kinds there are.
  public enum Kind {
    /// There can be no boxes on this machine.
    UNAVAILABLE,
    /// The box could not be made, or its id is taken.
    NOT_CREATED,
    /// The working directory is not there, is none, or may not be entered.
    NO_SUCH_DIRECTORY,
    /// The program is not there or cannot be run.
    NOT_RUNNABLE,
    /// The box may have no more processes, files or memory.
    LIMIT,
    /// The box is frozen.
    FROZEN,
    /// The box has ended.
    GONE
  }

  private final Kind kind;

  BoxException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  BoxException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
