package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.core.RepositoryUrl;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MovesTest {
  private static final URI ASKED =
      URI.create("https://github.com/acme/old.git/info/refs?service=git-upload-pack");

  @ParameterizedTest
  @CsvSource({
    "https://github.com/acme/new.git/info/refs?service=git-upload-pack, https://github.com/acme/new",
    "/other/new/info/refs, https://github.com/other/new",
    "https://GitHub.com/acme/new.git/info/refs, https://github.com/acme/new"
  })
  void aRepositoryIsFollowedWithinItsHost(String location, String to) {
    assertThat(Moves.within(ASKED, location)).contains(new RepositoryUrl(to));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/acme/old.git/info/refs",
        "http://github.com/acme/new.git/info/refs",
        "https://github.com:8443/acme/new.git/info/refs",
        "https://x@github.com/acme/new.git/info/refs",
        "//evil.example/acme/new/info/refs",
        "https://github.com/login?return_to=/info/refs",
        "https://github.com/info/refs",
        "file:///etc/info/refs",
        "::"
      })
  void nobodyIsFollowedAnywhereElse(String location) {
    assertThat(Moves.within(ASKED, location)).isEmpty();
  }
}
