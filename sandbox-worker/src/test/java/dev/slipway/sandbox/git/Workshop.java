package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.operation.Hold;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.git.GitActs.Place;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FakeProvider;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.sandbox.GitCheckout;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubProperties;
import dev.slipway.web.security.Tenants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
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

  private static final ExternalId SANDBOX = new ExternalId("sandbox");
  private static final String HOME = "/home/user";

  private final Path directory;
  private final Site site;
  private final String host;
  private final FakeProvider provider = new FakeProvider();
  private final MortalSession session;
  private final Map<String, GitCheckout> checkouts = new HashMap<>();
  private final Set<String> secrets = new HashSet<>();
  private final AtomicLong seconds = new AtomicLong(1_800_000_000);
  private long patchBytes = 1 << 20;
  private long repositoryBytes = 10 << 20;
  private Duration timeout = Duration.ofSeconds(60);
  private Secret token = new Secret(Site.TOKEN);
  private @Nullable Instant dueAt;
  private List<String> workflows = List.of();
  private Snapshots snapshots;
  private @Nullable String note;
  private boolean isCancelled;
  private boolean isKilledAtNote;
  private boolean isLost;
  private Duration held = Duration.ZERO;
  private int epoch;

  /// @param directory of the worker
  Workshop(Path directory, Site site) {
    this(directory, site, site.host());
  }

  /// @param host that leads to the site
  Workshop(Path directory, Site site, String host) {
    this.directory = directory;
    this.site = site;
    this.host = host;
    ExternalId id =
        provider.put(
            SANDBOX.value(),
            Duration.ZERO,
            Map.of(),
            Map.of("PATH", HOME + "/bin:/usr/local/bin:/usr/bin:/bin"));
    this.session = new MortalSession(provider.open(new ProviderSandbox(id, "1", null, null)));
    try {
      this.snapshots = open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Snapshots open() throws IOException {
    return Snapshots.open(
        OwnFolder.claim(directory.resolve("worker")),
        10 * repositoryBytes,
        repositoryBytes,
        DiskSpace.unwatched(),
        InstantSource.system());
  }

  Site site() {
    return site;
  }

  MortalSession session() {
    return session;
  }

  /// The address of a repository.
  String url(String repository) {
    return "http://%s/%s/%s".formatted(host, Site.OWNER, repository);
  }

  Snapshots snapshots() {
    return snapshots;
  }

  /// Where a path of the sandbox is on this machine.
  Path file(String path) {
    return provider.onDisk(SANDBOX, path);
  }

  /// What is beside repositories in the home of the sandbox's user, and they themselves.
  List<String> home() {
    return Folders.list(file(HOME)).stream().map(one -> one.getFileName().toString()).toList();
  }

  /// What everything in the sandbox finds first.
  void program(String name, String script) throws IOException {
    Path program = file(HOME + "/bin/" + name);
    Files.createDirectories(file(HOME + "/bin"));
    Files.writeString(program, script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Has its tenant have another credential.
  void token(String value) {
    token = new Secret(value);
  }

  /// Has git be given up so soon.
  void timeout(Duration most) {
    timeout = most;
  }

  /// Has what is asked for from now on be given up when this is over.
  void dueWithin(Duration patience) {
    dueAt = now().plus(patience);
  }

  private Instant now() {
    return Instant.ofEpochSecond(seconds.get());
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

  /// Another has what is at hand.
  void loseLease() {
    isLost = true;
  }

  /// How long the last push was held for.
  Duration held() {
    return held;
  }

  /// Has the sandbox have no room for what is brought in from now on.
  void fill() {
    provider.trouble(SANDBOX, FakeProvider.Trouble.FULL);
  }

  void killAtNote() {
    isKilledAtNote = true;
  }

  GitCheckout checkout(String path) {
    return checkouts.getOrDefault(path, new GitCheckout("", "", "", 0, null, List.of(), null));
  }

  /// What came of the last commit was not recorded.
  void forget(String path) {
    GitCheckout one = checkout(path);
    checkouts.put(
        path,
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
            dueAt,
            null);
    Outcome<SandboxInput> outcome =
        acts().act(operation, wanted, new Place(session.session(), checkouts, secrets), hold());
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
        return !isLost;
      }

      @Override
      public void holdFor(Duration time) throws InterruptedException {
        held = time;
        if (isLost) {
          throw new InterruptedException("the lease is another's");
        }
      }

      @Override
      public void noteNow(String json) throws InterruptedException {
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
            timeout,
            timeout,
            DataSize.ofBytes(repositoryBytes),
            DataSize.ofBytes(10 * repositoryBytes),
            DataSize.ofBytes(patchBytes),
            workflows,
            new BranchPrefix("slipway/"));
    GitAccess access = access(host, token);
    InstantSource clock = this::now;
    Git git = Git.in(snapshots.making(), properties.timeout(), Map.of());
    var lfs = new LfsAct(git, snapshots, repositoryBytes, properties.timeout());
    var clones = new CloneAct(git, access, snapshots, repositoryBytes, lfs, clock);
    var remaking = new Remaking(git, access, snapshots, clones, patchBytes);
    return new GitActs(
        git,
        access,
        clones,
        new CommitAct(remaking, workflows, patchBytes, clock),
        new PushAct(git, git, access, remaking, new FormerPushes(api(host, token), host, access)),
        properties);
  }

  /// Who speaks to a host with a token of tenant `default`.
  static GitAccess access(String host, Secret token) {
    return new GitAccess(new GitHosts(Set.of(host), host), api(host, token).credentials());
  }

  private static GitHubApi api(String host, Secret token) {
    var properties =
        new GitHubProperties(
            URI.create("http://%s/api/v3".formatted(host)),
            token,
            null,
            null,
            new GitHubProperties.Client(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(1),
                20,
                50,
                Duration.ofSeconds(1)),
            new GitHubProperties.Budget(0, 0, Duration.ZERO));
    return GitHubApi.open(properties, Tenants.none(), Clock.systemUTC());
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
    if (result instanceof GitResult.Committed(_, var commit, _, _)) {
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
    snapshots.close();
    provider.close();
  }
}
