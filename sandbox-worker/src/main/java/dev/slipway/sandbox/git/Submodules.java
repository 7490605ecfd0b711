package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The repositories that a repository has within it, as its `.gitmodules` names them: a file that
/// anybody may have written, read by git as settings that nothing obeys.
///
/// @param all in the order of their paths
record Submodules(List<Submodule> all) {
  private static final String FILE = ".gitmodules";
  private static final Pattern SETTING =
      Pattern.compile("submodule\\.(.*)\\.(path|url)\\n(.*)", Pattern.DOTALL);
  private static final Pattern GITLINK = Pattern.compile("160000 commit ([0-9a-f]{40})\\t(.+)");
  private static final Pattern SAFE =
      Pattern.compile(
          "((?!\\.{1,2}(/|$))(?!\\.git(/|$))[^/\\x00-\\x1f\\x7f]+(/|$)){1,64}(?<!/)",
          Pattern.CASE_INSENSITIVE);

  Submodules {
    all = List.copyOf(all);
  }

  /// One.
  ///
  /// @param path below the one that has it
  /// @param sha the commit that it is at
  record Submodule(String path, RepositoryUrl url, String sha) {}

  /// Those of a commit.
  ///
  /// @param parent address of the repository, which theirs may be relative to
  /// @throws GitException `validation_failed`: one has no address
  static Submodules of(
      Git git, Path repository, String commit, RepositoryUrl parent, BooleanSupplier isStopped)
      throws InterruptedException {
    String entry =
        git.succeed(GitRun.of("ls-tree", "-z", commit, "--", FILE).in(repository), isStopped)
            .output();
    if (!entry.startsWith("100")) {
      return new Submodules(List.of());
    }
    Map<String, String> urls = urls(settings(git, repository, commit, isStopped));
    var found = new ArrayList<Submodule>();
    String tree =
        git.succeed(GitRun.of("ls-tree", "-r", "-z", commit).in(repository), isStopped).output();
    for (String line : tree.split("\0", -1)) {
      Matcher gitlink = GITLINK.matcher(line);
      if (gitlink.matches()) {
        String path = utf8(gitlink.group(2));
        String url = urls.get(path);
        // git leaves out what nothing is said of
        if (url != null) {
          found.add(new Submodule(safe(path), resolve(parent, url), gitlink.group(1)));
        }
      }
    }
    return new Submodules(found);
  }

  private static String settings(Git git, Path repository, String commit, BooleanSupplier isStopped)
      throws InterruptedException {
    // exit 1: there is none
    return git.run(
            GitRun.of(
                    "config",
                    "--blob=" + commit + ":" + FILE,
                    "--no-includes",
                    "--null",
                    "--get-regexp",
                    "^submodule\\..*\\.(path|url)$")
                .in(repository),
            isStopped)
        .output();
  }

  private static Map<String, String> urls(String settings) {
    var paths = new HashMap<String, String>();
    var urls = new HashMap<String, String>();
    for (String line : settings.split("\0", -1)) {
      Matcher setting = SETTING.matcher(line);
      if (setting.matches()) {
        (setting.group(2).equals("path") ? paths : urls)
            .put(setting.group(1), utf8(setting.group(3)));
      }
    }
    var byPath = new HashMap<String, String>();
    paths.forEach((name, path) -> {
      String url = urls.get(name);
      if (url != null) {
        byPath.put(path, url);
      }
    });
    return byPath;
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String safe(String path) {
    if (!SAFE.matcher(path).matches()) {
      throw new GitException(
          GitCode.VALIDATION_FAILED, "A submodule lies where none may: clone without submodules.");
    }
    return path;
  }

  /// As git does it: one that begins with a dot is relative to its parent's. Pure.
  static RepositoryUrl resolve(RepositoryUrl parent, String url) {
    String base = parent.value();
    String rest = url;
    while (rest.startsWith("./") || rest.startsWith("../")) {
      if (rest.startsWith("../")) {
        base = base.substring(0, Math.max(0, base.lastIndexOf('/')));
      }
      rest = rest.substring(rest.indexOf('/') + 1);
    }
    String whole = rest.length() == url.length() ? url : base + "/" + rest;
    return RepositoryUrl.parse(whole)
        .orElseThrow(() ->
            new GitException(
                GitCode.VALIDATION_FAILED,
                "A submodule has no address that may be spoken to: clone without submodules."));
  }
}
