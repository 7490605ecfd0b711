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
  @ValueSource(
      strings = {
        "",
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
