package dev.slipway.sandbox.provider;

import dev.slipway.sandbox.provider.FakeProvider.Trouble;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The inside of a [FakeSandbox], for as long as there is one.
final class FakeSession implements SandboxSession {
  private final Supplier<Optional<FakeSandbox>> sandbox;

  /// @param sandbox empty once it is gone
  FakeSession(Supplier<Optional<FakeSandbox>> sandbox) {
    this.sandbox = sandbox;
  }

  static ProviderRefusedException refused(FailureCode code, String what) {
    return new ProviderRefusedException(code, what, false, null);
  }

  static ProviderRefusedException lost() {
    return refused(FailureCode.SANDBOX_LOST, "the sandbox is gone");
  }

  private FakeSandbox inside() {
    FakeSandbox there = sandbox.get().orElseThrow(FakeSession::lost);
    there.answerInside();
    return there;
  }

  private FakeProcess process(long pid) {
    return inside()
        .process(pid)
        .orElseThrow(() -> refused(FailureCode.NOT_FOUND, "no process " + pid));
  }

  @Override
  public ProcessStream start(Command command) {
    return inside().start(command).begin();
  }

  @Override
  public ProcessStream connect(long pid) {
    return process(pid).attach();
  }

  @Override
  public void sendStdin(long pid, byte[] bytes) {
    process(pid).write(bytes);
  }

  @Override
  public void closeStdin(long pid) {
    process(pid).closeStdin();
  }

  @Override
  public boolean signal(long pid, Signal signal) {
    return inside().process(pid).filter(process -> process.signal(signal)).isPresent();
  }

  @Override
  public List<RunningProcess> processes() {
    return inside().processes().stream()
        .filter(FakeProcess::isAlive)
        .map(FakeProcess::seen)
        .toList();
  }

  @Override
  public Optional<InputStream> read(String path, ByteRange range) {
    return inside().files().read(path, range);
  }

  @Override
  public void write(String path, InputStream content) {
    FakeSandbox there = inside();
    if (there.has(Trouble.FULL)) {
      throw refused(FailureCode.TOO_LARGE, "the disk is full");
    }
    there.files().write(path, content);
  }

  @Override
  public Optional<FileEntry> stat(String path) {
    return inside().files().stat(path);
  }

  @Override
  public Optional<List<FileEntry>> list(String path, int depth) {
    return inside().files().list(path, depth);
  }

  @Override
  public boolean makeDirectory(String path) {
    return inside().files().makeDirectory(path);
  }

  @Override
  public void remove(String path) {
    inside().files().remove(path);
  }

  @Override
  public void move(String source, String destination) {
    inside().files().move(source, destination);
  }

  @Override
  public boolean isAlive() {
    return sandbox.get().filter(FakeSandbox::isAlive).isPresent();
  }
}
