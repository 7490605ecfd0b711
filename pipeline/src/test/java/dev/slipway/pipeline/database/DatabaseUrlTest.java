package dev.slipway.pipeline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.strings;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {

  @ParameterizedTest
  @CsvSource({
    "postgresql://u:p@h/d,                     h, 5432, d, u, p,    prefer",
    "postgres://u:p@h:6543/d,                  h, 6543, d, u, p,    prefer",
    "postgresql://u:p@h:6543/d?sslmode=require,h, 6543, d, u, p,    require",
    "postgresql://u:p+q%2Br@h/d,               h, 5432, d, u, p+q+r,prefer",
    "postgresql://u:a:b@h/d,                   h, 5432, d, u, a:b,  prefer",
    "postgresql://u%40x:p%2F%3F%23@h/d,        h, 5432, d, u@x, p/?#, prefer",
  })
  void itIsReadAsPostgresReadsIt(
      String text,
      String host,
      int port,
      String database,
      String user,
      String password,
      String sslMode) {
    assertThat(DatabaseUrl.parse(text))
        .isEqualTo(new DatabaseUrl(host, port, database, user, password, sslMode));
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://u:s3cr3t@h, needs user",
    "postgresql://u:s3cr3t@h/, needs user",
    "postgresql://s3cr3t@h/d, needs user",
    "postgresql://h/d, needs user",
    "mysql://u:s3cr3t@h/d, must begin with",
    "u:s3cr3t@h/d, must begin with",
    "postgresql://u:s3cr3t^@h/d, is not a URI",
    "postgresql://u:s3cr3t@h:port/d, needs user",
  })
  void whatIsMissingIsSaidWithoutThePassword(String text, String said) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatabaseUrl.parse(text))
        .withMessageContaining(said)
        .withNoCause()
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"));
  }

  @Test
  void anyPasswordComesThroughAndIsNeverShown() {
    qt().forAll(strings().betweenCodePoints(1, 0xD7FF).ofLengthBetween(1, 30))
        .checkAssert(password -> {
          String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");

          DatabaseUrl url = DatabaseUrl.parse("postgresql://u:" + encoded + "@h:1/d");

          assertThat(url.password()).isEqualTo(password);
          assertThat(url).hasToString("postgresql://u@h:1/d");
          assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://h:1/d?sslmode=prefer");
        });
  }
}
