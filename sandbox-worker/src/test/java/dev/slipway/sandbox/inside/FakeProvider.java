package dev.slipway.sandbox.inside;

import dev.slipway.sandbox.provider.ByteRange;
import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.FileEntry;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.ProcessStream;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.provider.RunningProcess;
import dev.slipway.sandbox.provider.SandboxDetail;
import dev.slipway.sandbox.provider.SandboxMetrics;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.provider.SandboxSession;
import dev.slipway.sandbox.provider.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sandboxes that are a map of files. One whose id ends in `gone` is not there, of one that ends in
/// `away` nobody answers.
final class FakeProvider implements SandboxProvider {
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();

  Map<String, byte[]> files() {
    return files;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Optional<SandboxDetail> find(ExternalId id) {
    if (id.value().endsWith("away")) {
      throw new ProviderUnavailableException(
          FailureCode.UNAVAILABLE, "away", false, Duration.ofSeconds(3), null);
    }
    if (id.value().endsWith("gone")) {
      return Optional.empty();
    }
    return Optional.of(
        new SandboxDetail(
            new ListedSandbox(id, "base", ListedSandbox.State.RUNNING, TIME, TIME, Map.of()),
            new ProviderSandbox(id, "1", null, null)));
  }

  @Override
  public Optional<SandboxMetrics> metrics(ExternalId id) {
    return id.value().endsWith("new")
        ? Optional.empty()
        : Optional.of(new SandboxMetrics(TIME, 2, 12.5, 100, 50, 200, 60));
  }

  @Override
  public SandboxSession open(ProviderSandbox sandbox) {
    return new Session();
  }

  private final class Session implements SandboxSession {
    @Override
    public Optional<InputStream> read(String path, ByteRange range) {
      if (path.equals("/")) {
        throw refused(FailureCode.VALIDATION_FAILED);
      }
      return Optional.ofNullable(files.get(path)).map(ByteArrayInputStream::new);
    }

    @Override
    public void write(String path, InputStream content) {
      if (path.startsWith("/full")) {
        throw refused(FailureCode.TOO_LARGE);
      }
      try {
        files.put(path, content.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Optional<List<FileEntry>> list(String path, int depth) {
      return path.equals("/none")
          ? Optional.empty()
          : Optional.of(
              List.of(
                  entry("/a", FileEntry.Kind.FILE, null),
                  entry("/b", FileEntry.Kind.DIRECTORY, null),
                  entry("/c", FileEntry.Kind.FILE, "/a")));
    }

    private static FileEntry entry(String path, FileEntry.Kind kind, @Nullable String target) {
      return new FileEntry(path, path, kind, 3, 0644, "user", "user", TIME, target);
    }

    @Override
    public void remove(String path) {
      files.remove(path);
    }

    @Override
    public List<RunningProcess> processes() {
      return List.of(new RunningProcess(7, List.of("make"), null));
    }

    private static ProviderRefusedException refused(FailureCode code) {
      return new ProviderRefusedException(code, "refused", false, null);
    }

    @Override
    public ProcessStream start(Command command) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ProcessStream connect(long pid) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sendStdin(long pid, byte[] bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void closeStdin(long pid) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean signal(long pid, Signal signal) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<FileEntry> stat(String path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean makeDirectory(String path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void move(String source, String destination) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isAlive() {
      throw new UnsupportedOperationException();
    }
  }

  @Override
  public ProviderSandbox create(CreateRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ListedSandbox> list(Map<String, String> metadata) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean kill(ExternalId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void extend(ExternalId id, Duration lifetime) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean pause(ExternalId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ProviderSandbox resume(ExternalId id, Duration lifetime) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void network(ExternalId id, NetworkAccess access) {
    throw new UnsupportedOperationException();
  }
}
