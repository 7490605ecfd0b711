package dev.slipway.sandbox.git;

import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProcessStream;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.provider.SandboxSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a worker has of a sandbox who can be killed at whatever he is about to do there.
final class MortalSession implements InvocationHandler {
  private final SandboxSession session;

  // CONFINED: to the test's thread, as all that follow
  private Predicate<String> killing = _ -> false;
  private int writes;

  MortalSession(SandboxSession session) {
    this.session = session;
  }

  SandboxSession session() {
    return (SandboxSession)
        Proxy.newProxyInstance(
            SandboxSession.class.getClassLoader(), new Class<?>[] {SandboxSession.class}, this);
  }

  /// The worker ends before, or in the middle of, what this describes: `write NAME`, `run SCRIPT`,
  /// `ran SCRIPT`.
  void killAt(Predicate<String> moment) {
    killing = moment;
  }

  void killNever() {
    killing = _ -> false;
  }

  /// How many files were brought in.
  int writes() {
    return writes;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object[] given = arguments == null ? new Object[0] : arguments;
    if (given.length == 1 && given[0] instanceof Command command) {
      return run(command);
    }
    if (given.length == 2 && given[1] instanceof InputStream content) {
      return write((String) given[0], content);
    }
    try {
      return method.invoke(session, given);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  private ProcessStream run(Command command) {
    String script = command.argv().toString();
    if (killing.test("run " + script)) {
      throw killed("run");
    }
    ProcessStream stream = session.start(command);
    if (killing.test("ran " + script)) {
      while (stream.next().isPresent()) {
        // to its end
      }
      throw killed("ran");
    }
    return stream;
  }

  private @Nullable Object write(String path, InputStream content) throws IOException {
    writes++;
    boolean isLast = killing.test("write " + path.substring(path.lastIndexOf('/') + 1));
    session.write(path, isLast ? broken(content) : content);
    return null;
  }

  /// The first bytes, and then nobody sends any more.
  private static InputStream broken(InputStream content) throws IOException {
    return new SequenceInputStream(
        new ByteArrayInputStream(content.readNBytes(10)),
        new InputStream() {
          @Override
          public int read() {
            throw killed("write");
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            throw killed("write");
          }
        });
  }

  private static ProviderUnavailableException killed(String at) {
    return new ProviderUnavailableException(
        FailureCode.UNAVAILABLE, "killed at " + at, true, Duration.ZERO, null);
  }
}
