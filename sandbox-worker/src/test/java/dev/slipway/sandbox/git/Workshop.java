package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.git.GitActs.Place;
import dev.slipway.sandbox.sandbox.GitCheckout;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import dev.slipway.web.security.Tenants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/// A worker with a host to speak to and a sandbox to work in; whoever is killed is followed by
/// another with nothing but what was noted.
final class Workshop implements AutoCloseable {
  static final String TENANT = "default";

  private final Path directory;
  private final GitServer server;
  private final FolderSession session;
  private final Map<String, GitCheckout> checkouts = new HashMap<>();
  private final Set<String> secrets = new HashSet<>();
  private final AtomicLong seconds = new AtomicLong(1_800_000_000);
  private long patchBytes = 1 << 20;
  private long repositoryBytes = 10 << 20;
  private List<String> workflows = List.of();
  private Snapshots snapshots;
  private @Nullable String note;
  private boolean isCancelled;
  private boolean isKilledAtNote;
  private int epoch;

  Workshop(Path directory) {
    this.directory = directory;
    this.session = new FolderSession(directory.resolve("temporary"));
    try {
      this.server = new GitServer(Files.createDirectories(directory.resolve("host")));
      this.snapshots = open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Snapshots open() throws IOException {
    return Snapshots.open(
        directory.resolve("worker"),
        10 * repositoryBytes,
        repositoryBytes,
        DiskSpace.unwatched(),
        InstantSource.system());
  }

  GitServer server() {
    return server;
  }

  FolderSession session() {
    return session;
  }

  Snapshots snapshots() {
    return snapshots;
  }

  /// A path in the sandbox.
  Path path(String name) {
    return directory.resolve("sandbox").resolve(name);
  }

  /// What is beside repositories in the sandbox, and they themselves.
  List<Path> everything() throws IOException {
    return Folders.list(Files.createDirectories(directory.resolve("sandbox")));
  }

  void secret(String value) {
    secrets.add(value);
  }

  void patchesOf(long bytes) {
    patchBytes = bytes;
  }

  void mayChangeWorkflows() {
    workflows = List.of(TENANT);
  }

  void repositoriesOf(long bytes) throws IOException {
    repositoryBytes = bytes;
    restart();
  }

  void cancel() {
    isCancelled = true;
  }

  void killAtNote() {
    isKilledAtNote = true;
  }

  GitCheckout checkout(Path path) {
    return checkouts.getOrDefault(
        path.toString(), new GitCheckout("", "", "", 0, null, List.of(), null));
  }

  /// What came of the last commit was not recorded.
  void forget(Path path) {
    GitCheckout one = checkout(path);
    checkouts.put(
        path.toString(),
        new GitCheckout(
            one.repositoryUrl(),
            one.baseBranch(),
            one.baseSha(),
            one.depth(),
            one.branch(),
            one.commits().subList(0, one.commits().size() - 1),
            one.pushed()));
  }

  /// Another process, on another machine: it has nothing of the one before.
  void moveAway() throws IOException {
    snapshots.close();
    Folders.delete(directory.resolve("worker"));
    snapshots = open();
  }

  /// The process is started again.
  void restart() throws IOException {
    snapshots.close();
    snapshots = open();
  }

  /// Has something done for the first time.
  Outcome<SandboxInput> first(SandboxOperation.Git wanted) throws InterruptedException {
    note = null;
    epoch = 0;
    return next(wanted, TENANT);
  }

  /// Has something done by a worker who takes it over.
  Outcome<SandboxInput> next(SandboxOperation.Git wanted) throws InterruptedException {
    return next(wanted, TENANT);
  }

  Outcome<SandboxInput> next(SandboxOperation.Git wanted, String tenant)
      throws InterruptedException {
    epoch++;
    seconds.addAndGet(100);
    var operation =
        new LeasedOperation(
            wanted.operation(),
            epoch,
            new AggregateId(tenant, new UUID(0, 9).toString()),
            wanted.kind().wireName(),
            "{}",
            note,
            true,
            false,
            0,
            null,
            null);
    Outcome<SandboxInput> outcome =
        acts().act(operation, wanted, new Place(session, checkouts, secrets), hold());
    if (outcome instanceof Outcome.Succeeded<SandboxInput>(SandboxInput.Worked worked, _)) {
      keep(worked.result());
    }
    return outcome;
  }

  private Hold hold() {
    return new Hold() {
      @Override
      public boolean isCancelled() {
        return isCancelled;
      }

      @Override
      public boolean isHeld() {
        return true;
      }

      @Override
      public void note(String json) throws InterruptedException {
        if (isKilledAtNote) {
          isKilledAtNote = false;
          throw new InterruptedException("killed");
        }
        note = json;
      }
    };
  }

  private GitActs acts() {
    var properties =
        new GitProperties(
            null,
            List.of(),
            Duration.ofSeconds(60),
            DataSize.ofBytes(repositoryBytes),
            DataSize.ofBytes(10 * repositoryBytes),
            DataSize.ofBytes(patchBytes),
            workflows);
    var access =
        new GitAccess(
            new GitHosts(Set.of(server.host()), server.host()),
            server.host(),
            Tenants.none(),
            new Secret(GitServer.TOKEN));
    InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    Git git = Git.in(snapshots.making(), properties.timeout(), Map.of());
    var lfs = new LfsAct(git, snapshots, repositoryBytes, properties.timeout());
    var clones = new CloneAct(git, access, snapshots, repositoryBytes, lfs, clock);
    var remaking = new Remaking(git, access, snapshots, clones, patchBytes);
    return new GitActs(
        git,
        access,
        clones,
        new CommitAct(remaking, workflows, patchBytes, clock),
        new PushAct(git, access, remaking),
        properties);
  }

  /// As events make it of results.
  private void keep(GitResult result) {
    GitCheckout before = checkouts.get(result.path());
    checkouts.put(result.path(), after(before, result));
  }

  private static GitCheckout after(@Nullable GitCheckout before, GitResult result) {
    if (result instanceof GitResult.Cloned(_, var url, var branch, var head, var depth)) {
      return new GitCheckout(url, branch, head, depth, null, List.of(), null);
    }
    if (before == null) {
      throw new IllegalStateException("nothing was cloned");
    }
    List<GitCommit> commits = new ArrayList<>(before.commits());
    String branch = before.branch();
    if (result instanceof GitResult.Committed(_, var commit, _)) {
      commits.add(commit);
    }
    if (result instanceof GitResult.BranchCreated(_, var made, _)) {
      branch = made;
    }
    return new GitCheckout(
        before.repositoryUrl(),
        before.baseBranch(),
        before.baseSha(),
        before.depth(),
        branch,
        commits,
        before.pushed());
  }

  @Override
  public void close() throws IOException {
    server.close();
    snapshots.close();
  }
}
