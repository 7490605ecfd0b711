package dev.slipway.pipeline.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryUrlTest {
  @ParameterizedTest
  @CsvSource({
    "https://github.com/Acme/site, https://github.com/Acme/site, Acme/site",
    "HTTPS://GitHub.com:443/Acme/site.git/, https://github.com/Acme/site, Acme/site",
    "http://127.0.0.1:8082/acme/site.git, http://127.0.0.1:8082/acme/site, acme/site",
    "http://git.example:80/a//, http://git.example/a, a",
  })
  void waysToWriteAnAddressAreOne(String given, String value, String path) {
    RepositoryUrl url = RepositoryUrl.parse(given).orElseThrow();

    assertThat(url.value()).isEqualTo(value);
    assertThat(url.path()).isEqualTo(path);
    assertThat(RepositoryUrl.parse(value)).contains(url);
  }

  @ParameterizedTest
  @CsvSource({
    "https://github.com/Acme/site, github.com, Acme, site",
    "https://GitHub.com:443/Acme/site.git/, github.com, Acme, site",
    "http://127.0.0.1:8082/acme/my.site.git, 127.0.0.1:8082, acme, my.site",
    "https://git.example/code/acme/_site-2, git.example, acme, _site-2",
  })
  void aRepositoryHasAHostAnOwnerAndAName(String given, String host, String owner, String name) {
    RepositoryUrl url = RepositoryUrl.parse(given).orElseThrow();

    assertThat(url.isNamed()).isTrue();
    assertThat(url.host()).isEqualTo(host);
    assertThat(url.owner()).isEqualTo(owner);
    assertThat(url.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://github.com/acme",
        "https://github.com/acme/..",
        "https://github.com/acme/./site",
        "https://github.com/../site",
        "https://github.com/acme/%2e%2e",
        "https://github.com/acme//site",
        "https://github.com/acme/--upload-pack=evil",
        "https://github.com/-c/site",
        "https://github.com/acme/site;rm",
        "https://github.com/acme/%0asite",
        "https://github.com/acme/.git/x/.git/..",
      })
  void whatIsNoNameIsNone(String given) {
    assertThat(RepositoryUrl.parse(given).orElseThrow().isNamed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://github.com/'; DROP TABLE sandboxes; --",
        "--upload-pack=touch /tmp/x",
        "ext::sh -c id",
        "https://user:secret@github.com/acme/site",
        "github.com/acme/site",
        "git@github.com:acme/site.git",
        "ssh://git@github.com/acme/site",
        "file:///etc/passwd",
        "https://token@github.com/acme/site",
        "https://github.com/acme/site?ref=main",
        "https://github.com/acme/site#readme",
        "https://github.com/",
        "https://github.com/.git",
        "https:///acme/site",
        "https://github.com/acme site",
      })
  void whatIsMoreOrLessThanAnAddressIsNone(String given) {
    assertThat(RepositoryUrl.parse(given)).isEmpty();
  }
}
