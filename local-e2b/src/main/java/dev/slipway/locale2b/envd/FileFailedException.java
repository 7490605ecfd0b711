package dev.slipway.locale2b.envd;

import dev.slipway.localserver.RefusedException;

/// Work on a file that failed, for a reason that clients tell apart.
final class FileFailedException extends RuntimeException {
  /// The reasons, as a call and as `/files` answer them.
  enum Reason {
    IMPOSSIBLE(RpcCode.INVALID_ARGUMENT, 400),
    FORBIDDEN(RpcCode.PERMISSION_DENIED, 403),
    MISSING(RpcCode.NOT_FOUND, 404),
    PRESENT(RpcCode.ALREADY_EXISTS, 409),
    DISK_FULL(RpcCode.RESOURCE_EXHAUSTED, 507),
    UNKNOWN(RpcCode.INTERNAL, 500);

    private final RpcCode code;
    private final int status;

    Reason(RpcCode code, int status) {
      this.code = code;
      this.status = status;
    }
  }

  private final Reason reason;

  private FileFailedException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /// Why a tool ended as it did.
  ///
  /// @param complaint what it wrote, in the words of the C locale
  static FileFailedException of(int exitCode, String complaint) {
    Reason reason =
        switch (exitCode) {
          case 40 -> Reason.IMPOSSIBLE;
          case 44 -> Reason.MISSING;
          case 49 -> Reason.PRESENT;
          // SIGXFSZ: larger than any file in a box may become
          case 128 + 25 -> Reason.DISK_FULL;
          default -> reason(complaint);
        };
    return new FileFailedException(
        reason, complaint.isEmpty() ? "ended with status " + exitCode : complaint);
  }

  private static Reason reason(String complaint) {
    if (complaint.contains("No space left on device")
        || complaint.contains("Disk quota exceeded")
        || complaint.contains("File too large")) {
      return Reason.DISK_FULL;
    }
    if (complaint.contains("Permission denied")
        || complaint.contains("Operation not permitted")
        || complaint.contains("Read-only file system")) {
      return Reason.FORBIDDEN;
    }
    if (complaint.contains("No such file or directory")) {
      return Reason.MISSING;
    }
    if (complaint.contains("Not a directory")
        || complaint.contains("Is a directory")
        || complaint.contains("File exists")
        || complaint.contains("File name too long")
        || complaint.contains("cannot overwrite")
        || complaint.contains("to a subdirectory of itself")
        || complaint.contains("dangerous to operate")) {
      return Reason.IMPOSSIBLE;
    }
    return Reason.UNKNOWN;
  }

  Reason reason() {
    return reason;
  }

  RpcException asRpc() {
    return new RpcException(reason.code, String.valueOf(getMessage()));
  }

  RefusedException asHttp() {
    return new RefusedException(reason.status, String.valueOf(getMessage()));
  }
}
