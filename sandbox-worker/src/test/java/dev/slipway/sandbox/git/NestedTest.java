package dev.slipway.sandbox.git;

import static dev.slipway.sandbox.git.Work.code;
import static dev.slipway.sandbox.git.Work.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a repository only points to: submodules, contents that LFS keeps, another address.
@Tag("slow")
class NestedTest {
  @TempDir private Path directory;
  private Site site;
  private Detour detour;
  private Workshop workshop;

  @BeforeEach
  void open() {
    site = new Site(directory.resolve("site"));
    detour = new Detour(site);
    workshop = new Workshop(directory, site, detour.host());
  }

  @AfterEach
  void close() throws IOException {
    workshop.close();
    detour.close();
    site.close();
  }

  private Path content(String name) {
    return directory.resolve("content").resolve(name);
  }

  @Test
  void submodulesComeWhenAskedForAndLeaveAsTheyCame() throws Exception {
    String inner = site.create("inner", Site.folder(content("inner"), "inner.txt", "inner\n"));
    String middle = site.create("middle", nest("middle", "in/ner", "../inner.git", inner));
    var _ = site.create("outer", nest("outer", "mid", workshop.url("middle"), middle));
    Work work = Work.on(workshop, "outer");

    var _ = result(workshop.first(work.cloneWithSubmodules()));

    assertThat(work.file("mid/in/ner/inner.txt")).hasContent("inner\n");
    assertThat(work.inside("status", "--porcelain")).isEmpty();
    var _ = result(workshop.first(work.branch("work")));
    work.write("new.txt", "new\n");
    assertThat(code(workshop.first(work.commit(1, "x")))).contains("\"files_changed\":1");
    work.write("mid/in/ner/inner.txt", "changed\n");
    Site.git(work.file("mid/in/ner"), "commit", "-qam", "inside");
    Site.git(work.file("mid"), "commit", "-qam", "inside");
    assertThat(code(workshop.first(work.commit(2, "y")))).isEqualTo("validation_failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/acme/x",
        "ext::sh -c id",
        "../../../x",
        "file:///etc",
        "-u./x"
      })
  void hostileSubmodulesAreNotSpokenToAndLeaveNothing(String url) throws Exception {
    var _ = site.create("outer", nest("outer", "sub", url, "0123456789".repeat(4)));
    Work work = Work.on(workshop, "outer");

    assertThat(code(workshop.first(work.cloneWithSubmodules()))).isEqualTo("validation_failed");
    assertThat(workshop.home()).isEmpty();
    assertThat(code(workshop.first(work.clone(1)))).startsWith("succeeded");
  }

  /// A repository within another, as `.gitmodules` tells of it.
  private Path nest(String name, String at, String url, String sha) throws IOException {
    Path outer =
        Site.folder(
            content(name),
            ".gitmodules",
            "[submodule \"x\"]\n\tpath = %s\n\turl = %s\n".formatted(at, url));
    Site.git(outer, "init", "-q", "-b", "main");
    Site.git(outer, "update-index", "--add", "--cacheinfo", "160000," + sha + "," + at);
    Files.createDirectories(outer.resolve(at));
    return outer;
  }

  private Work withLfs(byte[] bytes) throws IOException {
    Path kept =
        Site.folder(
            content("kept"), ".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    Files.writeString(kept.resolve(".lfsconfig"), "[lfs]\n\turl = http://127.0.0.2:1/evil\n");
    Files.createDirectories(kept.resolve("a dir"));
    Files.writeString(kept.resolve("a dir/x.bin"), detour.keep(bytes));
    Files.writeString(kept.resolve("not-kept.txt"), detour.keep(new byte[] {1}));
    var _ = site.create("kept", kept);
    return Work.on(workshop, "kept");
  }

  @Test
  void contentsThatLfsKeepsComeWhenAskedForAndLeaveAsTheyCame() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(2).nextBytes(bytes);
    Work work = withLfs(bytes);

    var _ = result(workshop.first(work.cloneWithLfs()));

    assertThat(work.file("a dir/x.bin")).hasBinaryContent(bytes);
    assertThat(work.file("not-kept.txt")).content().startsWith("version ");
    assertThat(detour.authorizations()).isEmpty();
    var _ = result(workshop.first(work.branch("work")));
    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("nothing_to_commit");
    work.write("new.txt", "new\n");
    assertThat(code(workshop.first(work.commit(2, "x")))).contains("\"files_changed\":1");
    Files.write(work.file("a dir/x.bin"), new byte[] {1, 2, 3});
    assertThat(code(workshop.first(work.commit(3, "x")))).isEqualTo("validation_failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:1",
        "http://evil.example",
        "https://169.254.169.254",
        "file:///etc",
        "https://user:x@example.org"
      })
  void linksOfLfsThatLeadInsideAreNotFollowed(String address) throws Exception {
    Work work = withLfs(new byte[] {1, 2, 3});
    detour.keepAt(address);

    assertThat(code(workshop.first(work.cloneWithLfs()))).isEqualTo("validation_failed");
    assertThat(workshop.home()).isEmpty();
    var _ = result(workshop.first(work.clone(1)));
    assertThat(work.file("a dir/x.bin")).content().startsWith("version ");
  }

  @Test
  void nobodyIsFollowedToAnotherHost() throws Exception {
    var _ = site.create("site", Site.folder(content("site"), "one", "1\n"));
    Work work = Work.on(workshop, "site");
    detour.redirect("http://" + site.host());

    assertThat(code(workshop.first(work.clone(1)))).isEqualTo("not_found");

    assertThat(site.fetches()).isZero();
    assertThat(workshop.home()).isEmpty();
  }
}
