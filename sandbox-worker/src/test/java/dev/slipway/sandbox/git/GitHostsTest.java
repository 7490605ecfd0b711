package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.core.RepositoryUrl;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitHostsTest {
  private static final GitHosts HOSTS =
      new GitHosts(Set.of("github.com", "127.0.0.1:8082"), "127.0.0.1:8082");

  @ParameterizedTest
  @CsvSource({
    "https://github.com/acme/site, true",
    "https://GITHUB.com/acme/site.git/, true",
    "http://127.0.0.1:8082/acme/site, true",
    "https://127.0.0.1:8082/acme/site, true",
    "http://github.com/acme/site, false",
    "http://127.0.0.1:8083/acme/site, false",
    "https://github.com.evil.example/acme/site, false",
    "https://evil.example/github.com/site, false",
    "https://github.com:444/acme/site, false",
    "https://127.0.0.1/acme/site, false",
    "https://github.com/acme, false",
    "https://github.com/acme/--upload-pack=x, false",
  })
  void onlyRepositoriesOfNamedHostsAreSpokenTo(String url, boolean isAllowed) {
    RepositoryUrl given = RepositoryUrl.parse(url).orElseThrow();

    assertThat(HOSTS.refusal(given).isEmpty()).isEqualTo(isAllowed);
  }

  @Test
  void whoIsRefusedLearnsWhichHostsThereAre() {
    RepositoryUrl elsewhere = RepositoryUrl.parse("https://evil.example/a/b").orElseThrow();

    assertThat(HOSTS.refusal(elsewhere))
        .contains("Its host is none of those that are spoken to: 127.0.0.1:8082, github.com.");
  }
}
