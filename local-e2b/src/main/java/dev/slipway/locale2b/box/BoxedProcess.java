package dev.slipway.locale2b.box;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A program in a bubblewrap box, known to its [Init] by a number.
record BoxedProcess(
    Init init,
    String number,
    long pid,
    InputStream stdout,
    InputStream stderr,
    OutputStream stdin,
    CompletableFuture<BoxExit> exit)
    implements BoxProcess {
  @Override
  public void signal(BoxSignal signal) throws BoxException {
    if (!exit.isDone()) {
      init.send(List.of("signal", number, Integer.toString(signal.number())));
    }
  }

  @Override
  public void resize(TerminalSize size) throws BoxException {
    if (!exit.isDone()) {
      init.send(
          List.of(
              "resize", number, Integer.toString(size.rows()), Integer.toString(size.columns())));
    }
  }

  @Override
  public CompletableFuture<BoxExit> onExit() {
    return exit.copy();
  }
}
