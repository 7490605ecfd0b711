package dev.slipway.localgithub.git;

import java.io.IOException;

/// What a client pushes is not what git would send.
public final class MalformedPushException extends IOException {
  MalformedPushException(IOException cause) {
    super("the request ends too early, or is not in packet lines", cause);
  }
}
