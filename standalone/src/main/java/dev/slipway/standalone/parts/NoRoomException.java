package dev.slipway.standalone.parts;

/// The file system of the data directory has no room for what is to be started; the message says
/// how much is needed.
public final class NoRoomException extends RuntimeException {
  NoRoomException(String message) {
    super(message);
  }
}
