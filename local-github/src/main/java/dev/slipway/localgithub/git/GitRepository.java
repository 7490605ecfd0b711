package dev.slipway.localgithub.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A bare git repository. Whoever calls it is on a platform thread.
public final class GitRepository {
  private static final byte[] NOTHING = new byte[0];
  private static final String BRANCHES = "refs/heads/";
  private static final String INDEX = "GIT_INDEX_FILE";
  private static final AtomicLong INDEXES = new AtomicLong();

  private final Path directory;
  private final Path hooks;
  private final Git git;

  GitRepository(Path directory, Path hooks, Git git) {
    this.directory = directory;
    this.hooks = hooks;
    this.git = git;
  }

  /// What clients of git may ask for.
  public enum Service {
    UPLOAD_PACK("upload-pack"),
    RECEIVE_PACK("receive-pack");

    private final String command;

    Service(String command) {
      this.command = command;
    }

    /// As it stands in requests.
    public String wire() {
      return "git-" + command;
    }
  }

  Path directory() {
    return directory;
  }

  void init(String defaultBranch) {
    String _ =
        run("init", "--quiet", "--bare", "--template=", "--initial-branch=" + defaultBranch, ".")
            .succeeded();
  }

  /// Has a branch be the one that is checked out by a clone.
  public void defaultBranch(String branch) {
    String _ = run("symbolic-ref", "HEAD", BRANCHES + branch).succeeded();
  }

  /// Answers a client that wants to know what is there.
  ///
  /// @param protocol what it says about the version of git's protocol that it speaks
  public void advertise(Service service, Optional<String> protocol, OutputStream out)
      throws IOException {
    Map<String, String> environment = protocol(service, protocol);
    if (!environment.getOrDefault("GIT_PROTOCOL", "").contains("version=2")) {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      PktLines.write(head, "# service=" + service.wire() + "\n");
      PktLines.flush(head);
      out.write(head.toByteArray());
    }
    String _ =
        git.talk(
                directory,
                environment,
                command(service, "--advertise-refs"),
                InputStream.nullInputStream(),
                out)
            .succeeded();
  }

  /// Answers a client that fetches.
  public void uploadPack(Optional<String> protocol, InputStream in, OutputStream out)
      throws IOException {
    Git.Ended _ =
        git.talk(
            directory,
            protocol(Service.UPLOAD_PACK, protocol),
            command(Service.UPLOAD_PACK, ""),
            in,
            out);
  }

  /// Takes what a client pushes, as far as the rules allow it.
  ///
  /// @param rules that hold for what it wants to change
  /// @param in what it sends
  /// @return what to answer, and what was changed
  public PushAnswer receivePack(Function<List<RefUpdate>, PushRules> rules, InputStream in)
      throws IOException {
    PushRequest request = PushRequest.read(in);
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    Path reasons = Files.createTempFile(directory, ".reasons", null);
    try {
      Map<String, String> environment = new HashMap<>(rules.apply(request.updates()).environment());
      environment.put("LOCAL_GITHUB_REASONS", reasons.toString());
      Git.Ended _ =
          git.talk(directory, environment, command(Service.RECEIVE_PACK, ""), request.whole(), raw);
      return PushAnswer.read(
          request,
          Files.readAllLines(reasons).stream()
              .map(line -> line.split("\t", 2))
              .collect(Collectors.toMap(line -> line[0], line -> line[1], (first, _) -> first)),
          raw.toByteArray());
    } finally {
      Files.deleteIfExists(reasons);
    }
  }

  private static Map<String, String> protocol(Service service, Optional<String> protocol) {
    return service == Service.UPLOAD_PACK
        ? protocol
            .filter(said -> said.matches("[A-Za-z0-9=:.-]{1,200}"))
            .map(said -> Map.of("GIT_PROTOCOL", said))
            .orElseGet(Map::of)
        : Map.of();
  }

  private List<String> command(Service service, String option) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-c",
                "core.hooksPath=" + hooks,
                "-c",
                "receive.hideRefs=refs/pull",
                "-c",
                "receive.autogc=false",
                "-c",
                "receive.fsckObjects=true",
                "-c",
                "uploadpack.allowAnySHA1InWant=true",
                "-c",
                "uploadpack.allowFilter=true",
                service.command,
                "--stateless-rpc"));
    if (!option.isEmpty()) {
      command.add(option);
    }
    command.add(directory.toString());
    return command;
  }

  /// A reference and the object it names.
  ///
  /// @param name the full one
  /// @param type of the object: commit, tag …
  public record Ref(String name, String sha, String type) {}

  /// The references whose names begin so, in the order of their names.
  public List<Ref> refs(String prefix) {
    return list(prefix.substring(0, prefix.lastIndexOf('/') + 1)).stream()
        .filter(ref -> ref.name().startsWith(prefix))
        .toList();
  }

  public Optional<Ref> ref(String name) {
    return list(name).stream().filter(ref -> ref.name().equals(name)).findFirst();
  }

  /// References below a folder that contain a commit, the first of them by name.
  public List<Ref> refsWith(String folder, String sha, int most) {
    return list("--contains=" + sha, "--count=" + most, folder);
  }

  /// References below a folder whose commits another one contains.
  public List<Ref> refsIn(String folder, String sha) {
    return list("--merged=" + sha, folder);
  }

  private List<Ref> list(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("for-each-ref", "--format=%(refname) %(objectname) %(objecttype)"));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new))
        .succeeded()
        .lines()
        .map(line -> line.split(" ", 3))
        .map(parts -> new Ref(parts[0], parts[1], parts[2]))
        .toList();
  }

  /// The commit of a branch.
  public Optional<String> branch(String name) {
    return ref(BRANCHES + name).map(Ref::sha);
  }

  /// Whether references may have this name.
  public boolean isRefName(String name) {
    return name.startsWith("refs/") && run("check-ref-format", name).exit() == 0;
  }

  /// The commit that a branch, tag, reference or id names.
  public Optional<String> commit(String revision) {
    return object(revision + "^{commit}");
  }

  /// The object that an expression names.
  public Optional<String> object(String expression) {
    if (expression.startsWith("-")
        || expression.startsWith(":")
        || expression.chars().anyMatch(c -> c <= ' ')) {
      return Optional.empty();
    }
    Git.Ended ended = run("rev-parse", "--verify", "--quiet", expression);
    return ended.exit() == 0 ? Optional.of(ended.text().strip()) : Optional.empty();
  }

  /// Changes a reference if it still is what it was.
  ///
  /// @return whether it is changed
  public boolean update(RefUpdate update) {
    return run("update-ref", update.ref(), update.after(), update.before()).exit() == 0;
  }

  /// Brings in what another one has.
  ///
  /// @param what references, or the ids of commits
  public void fetch(GitRepository other, String... what) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                other.directory.toString()));
    command.addAll(List.of(what));
    String _ = run(command.toArray(String[]::new)).succeeded();
  }

  public boolean isAncestor(String ancestor, String descendant) {
    return run("merge-base", "--is-ancestor", ancestor, descendant).exit() == 0;
  }

  Git.Ended run(String... arguments) {
    return run(Map.of(), NOTHING, arguments);
  }

  Git.Ended run(Map<String, String> environment, byte[] input, String... arguments) {
    return git.run(directory, environment, input, List.of(arguments));
  }

  /// Keeps an object and says how it is called.
  public String write(String type, byte[] content) {
    return run(Map.of(), content, "hash-object", "-w", "-t", type, "--stdin").succeeded().strip();
  }

  /// An index of one's own, in the environment of each git that is to use it.
  Map<String, String> ownIndex() {
    return Map.of(INDEX, directory.resolve("index-" + INDEXES.incrementAndGet()).toString());
  }

  void dropIndex(Map<String, String> environment) {
    try {
      Files.deleteIfExists(Path.of(environment.getOrDefault(INDEX, "")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
