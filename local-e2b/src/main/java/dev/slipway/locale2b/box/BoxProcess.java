package dev.slipway.locale2b.box;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/// A program that was started in a box. It is not ended by closing its streams, nor does anybody
/// read them who is not told to: a program whose output is not read waits.
///
/// The streams are pipes. Reading one blocks a carrier when done on a virtual thread; many of them
/// need platform threads.
public interface BoxProcess {
  /// Its number as seen in the box.
  long pid();

  InputStream stdout();

  /// Empty when it has a terminal.
  InputStream stderr();

  /// Writing fails when it was started without, or no longer reads.
  OutputStream stdin();

  /// Sends a signal to this one process. Does nothing when it has ended.
  void signal(BoxSignal signal) throws BoxException;

  /// Changes the size of its terminal. Does nothing when it has none.
  void resize(TerminalSize size) throws BoxException;

  /// Completes when the process itself has ended; what it started may still have its streams open.
  CompletableFuture<BoxExit> onExit();
}
