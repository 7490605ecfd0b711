package dev.slipway.standalone;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// What Ctrl-C does while this is open. The JDK has no way to it that is an API: `sun.misc.Signal`
/// is what its module `jdk.unsupported` keeps for this, and javac refuses its name.
final class CtrlC implements AutoCloseable {
  private static final String SIGNAL = "INT";

  /// What it did before.
  private final Object former;

  private CtrlC(Object former) {
    this.former = former;
  }

  /// Has this called in place of the end of the JVM, each time on a thread of its own.
  static CtrlC calls(Runnable action) {
    try {
      MethodHandle run =
          MethodHandles.lookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(action);
      return new CtrlC(
          handle(
              MethodHandleProxies.asInterfaceInstance(
                  Class.forName("sun.misc.SignalHandler"),
                  MethodHandles.dropArguments(run, 0, Class.forName("sun.misc.Signal")))));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime has no jdk.unsupported", e);
    }
  }

  private static Object handle(Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    return signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal.getConstructor(String.class).newInstance(SIGNAL), handler);
  }

  @Override
  public void close() {
    try {
      Object _ = handle(former);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Ctrl-C cannot be what it was", e);
    }
  }
}
