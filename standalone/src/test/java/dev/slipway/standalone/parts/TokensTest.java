package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.web.security.JwtKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The token that stands in the data directory.
class TokensTest {
  @TempDir Path folder;

  private DataDirectory directory;
  private Path file;

  @BeforeEach
  void open() {
    directory = DataDirectory.open(folder.resolve("data"));
    file = directory.root().resolve("token");
  }

  @Test
  void itLivesAsLongAsTheDirectoryAndStays() throws IOException, ParseException {
    leave(Map.of());
    String first = Files.readString(file);

    leave(Map.of());

    assertThat(Files.readString(file)).isEqualTo(first);
    assertThat(life(first)).isGreaterThan(Duration.ofDays(3_650));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "a.b.c", "\u0000"})
  void whatIsNoTokenIsWrittenAnew(String content) throws IOException {
    Files.writeString(file, content);

    leave(Map.of());

    assertThat(Files.readString(file)).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
  }

  @Test
  void aTokenThatTheKeysDoNotVerifyIsWrittenAnew() throws IOException {
    leave(Map.of());
    String former = Files.readString(file);
    Files.delete(directory.root().resolve(DataDirectory.JWT_KEYS));

    leave(Map.of());

    assertThat(Files.readString(file)).isNotEqualTo(former);
  }

  @Test
  void keysOfTheOperatorGetNoNoteOfItSoThatItLivesAsLongAsAnyOther()
      throws IOException, ParseException {
    Path theirs = folder.resolve("jwt-keys.json");
    var _ = JwtKeys.openOrCreate(theirs);
    String before = Files.readString(theirs);
    leave(Map.of());
    Map<String, String> environment = Map.of("SLIPWAY_JWT_KEYS", theirs.toString());

    leave(environment);

    assertThat(life(Files.readString(file))).isEqualTo(Duration.ofDays(30));
    assertThat(Files.readString(theirs)).isEqualTo(before);
  }

  private void leave(Map<String, String> environment) {
    Tokens.of(environment, directory, Clock.systemUTC()).orElseThrow().leaveIn(directory);
  }

  private static Duration life(String token) throws ParseException {
    var claims = SignedJWT.parse(token).getJWTClaimsSet();
    return Duration.between(
        claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant());
  }
}
