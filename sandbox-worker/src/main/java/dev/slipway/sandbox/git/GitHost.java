package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.sandbox.git.GitRun.Remote;
import dev.slipway.web.github.Credential;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A repository on its host, as one tenant may see it.
final class GitHost {
  /// Under which snapshots have their commit.
  private static final String BASE = "refs/slipway/base";

  private static final int LOOK_BACK = 100;
  private static final Pattern LINE =
      Pattern.compile("^(ref: (\\S+)|[0-9a-f]{40})\\t(\\S+)$", Pattern.MULTILINE);
  private static final String HEADS = "refs/heads/";

  private static final int MOST_MOVES = 3;

  private final Git git;
  private final GitAccess access;
  private final String tenant;
  private final BooleanSupplier isStopped;

  // CONFINED: to the thread of its operation, as all that follow
  private RepositoryUrl url;
  private Credential credential;
  private boolean isRenewed;

  private GitHost(
      Git git, GitAccess access, String tenant, RepositoryUrl url, BooleanSupplier isStopped) {
    this.git = git;
    this.access = access;
    this.tenant = tenant;
    this.isStopped = isStopped;
    this.url = url;
    this.credential = credential(access, tenant, url);
  }

  /// @param isStopped whether nobody wants it any more
  /// @throws GitException `validation_failed`: the tenant may not have it
  static GitHost of(
      Git git, GitAccess access, String tenant, RepositoryUrl url, BooleanSupplier isStopped) {
    return new GitHost(git, access, tenant, url, isStopped);
  }

  private static Credential credential(GitAccess access, String tenant, RepositoryUrl url) {
    access
        .refusal(tenant, url)
        .ifPresent(why -> {
          throw new GitException(GitCode.VALIDATION_FAILED, why);
        });
    return access.credential(tenant, url);
  }

  private Remote remote() {
    return new Remote(url.value() + ".git", credential.secret());
  }

  /// Speaks to the host, also where it says that the repository is by now, and once more with
  /// another token when it refuses one that it gave.
  ///
  /// @param before each try
  private Git.Done speak(Git speaking, GitRun run, Before before) throws InterruptedException {
    before.trying();
    Git.Done done = speaking.run(run.to(remote()), isStopped);
    for (int moves = 0; moves < MOST_MOVES && done.exit() != 0 && isChanged(done); moves++) {
      before.trying();
      done = speaking.run(run.to(remote()), isStopped);
    }
    return done;
  }

  /// Whether there is somewhere else to go, with the credential for what is there, or somebody else
  /// to go as.
  private boolean isChanged(Git.Done done) throws InterruptedException {
    if (Complaints.isMoved(done.errors())) {
      Optional<RepositoryUrl> to = Moves.ask(remote(), git.timeout());
      if (to.isPresent()) {
        credential = credential(access, tenant, to.get());
        url = to.get();
      }
      return to.isPresent();
    }
    if (isRenewed || Complaints.of(done.errors()).code() != GitCode.AUTH_FAILED) {
      return false;
    }
    isRenewed = true;
    Optional<Credential> another = access.renewed(credential);
    another.ifPresent(one -> credential = one);
    return another.isPresent();
  }

  private Git.Done spoken(GitRun run) throws InterruptedException {
    Git.Done done = speak(git, run, () -> {});
    if (done.exit() != 0) {
      throw Complaints.of(done.errors());
    }
    return done;
  }

  /// Who is told of each try.
  @FunctionalInterface
  interface Before {
    /// One begins now.
    void trying() throws InterruptedException;
  }

  /// A branch and its tip.
  record Tip(String branch, String sha) {}

  /// The tip of a branch as it is now; empty when there is none.
  Optional<Tip> tip(String branch) throws InterruptedException {
    String name = HEADS + branch;
    Matcher lines = LINE.matcher(list(name));
    while (lines.find()) {
      if (lines.group(3).equals(name) && lines.group(2) == null) {
        return Optional.of(new Tip(branch, lines.group(1)));
      }
    }
    return Optional.empty();
  }

  /// The tip of the branch that the remote has as its default.
  private Optional<Tip> defaultTip() throws InterruptedException {
    @Nullable String branch = null;
    @Nullable String sha = null;
    Matcher lines = LINE.matcher(list("HEAD"));
    while (lines.find()) {
      if (lines.group(3).equals("HEAD")) {
        if (lines.group(2) == null) {
          sha = lines.group(1);
        } else if (lines.group(2).startsWith(HEADS)) {
          branch = lines.group(2).substring(HEADS.length());
        }
      }
    }
    return branch == null || sha == null ? Optional.empty() : Optional.of(new Tip(branch, sha));
  }

  /// What is cloned.
  ///
  /// @param branch null for the remote's own choice
  Tip base(@Nullable String branch) throws InterruptedException {
    return (branch == null ? defaultTip() : tip(branch))
        .orElseThrow(() ->
            new GitException(
                GitCode.BASE_NOT_FOUND,
                branch == null
                    ? "The repository is empty: push a first commit."
                    : "The repository has no branch %s.".formatted(branch)));
  }

  /// Where its LFS objects are.
  ///
  /// @param timeout of each call
  LfsHost lfs(Duration timeout) {
    return new LfsHost(remote(), timeout);
  }

  /// Sees that it may be spoken to.
  void reach() throws InterruptedException {
    var _ = list("HEAD");
  }

  private String list(String reference) throws InterruptedException {
    return spoken(GitRun.of("ls-remote", "--symref", "--quiet", "--", GitRun.HOST, reference))
        .output();
  }

  /// Fetches a commit into an empty folder, which becomes a bare repository.
  ///
  /// @param depth 0 for all
  /// @param mostBytes of what comes
  void fetch(Path folder, String sha, int depth, long mostBytes) throws InterruptedException {
    BareRepository.make(folder);
    var arguments =
        new ArrayList<>(
            List.of("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc"));
    if (depth > 0) {
      arguments.add("--depth=" + depth);
    }
    arguments.addAll(List.of("--", GitRun.HOST, sha + ":" + BASE));
    Git.Done done =
        speak(
            git,
            GitRun.of(arguments.toArray(String[]::new)).in(folder).within(mostBytes),
            () -> {});
    if (Folders.sizeBytes(folder) >= mostBytes) {
      throw new GitException(
          GitCode.TOO_LARGE,
          "The repository has more than %d MiB at this depth: ask for fewer commits."
              .formatted(mostBytes >> 20));
    }
    if (done.exit() != 0) {
      throw Complaints.of(done.errors());
    }
  }

  /// Whether the tip of a branch has a commit below it, as far as a look back shows.
  ///
  /// @param throwaway that has the commit
  boolean descends(Path throwaway, Tip tip, String sha) throws InterruptedException {
    var _ =
        spoken(
            GitRun.of(
                    "fetch",
                    "--quiet",
                    "--no-tags",
                    "--no-write-fetch-head",
                    "--depth=" + LOOK_BACK,
                    "--",
                    GitRun.HOST,
                    tip.sha())
                .in(throwaway));
    Git.Done done =
        git.run(GitRun.of("merge-base", "--is-ancestor", sha, tip.sha()).in(throwaway), isStopped);
    return done.exit() == 0;
  }

  /// Brings a branch to a commit, if it is where it is thought to be: the host compares.
  ///
  /// @param pushing with which it is done
  /// @param throwaway that has the commit
  /// @param from an earlier commit below it, where the branch is now; null: there is no such branch
  /// @param before each try
  /// @return whether it was there
  boolean push(
      Git pushing, Path throwaway, String sha, String branch, @Nullable String from, Before before)
      throws InterruptedException {
    Git.Done done =
        speak(
            pushing,
            GitRun.of(
                    "push",
                    "--quiet",
                    "--porcelain",
                    "--no-verify",
                    "--no-signed",
                    "--no-follow-tags",
                    "--force-with-lease=%s%s:%s".formatted(HEADS, branch, from == null ? "" : from),
                    "--",
                    GitRun.HOST,
                    sha + ":" + HEADS + branch)
                .in(throwaway),
            before);
    if (done.exit() != 0 && !Complaints.isElsewhere(done.output())) {
      throw Complaints.ofPush(done.output(), done.errors());
    }
    return done.exit() == 0;
  }
}
