package dev.slipway.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.pipeline.security.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class JwtKeysFileTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(SecretFiles.class);

  private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();

  @TempDir private Path folder;

  @BeforeEach
  void listen() {
    warnings.start();
    LOGGER.addAppender(warnings);
  }

  @AfterEach
  void stopListening() {
    LOGGER.detachAppender(warnings);
  }

  @Test
  void signingKeysAreLookedAtBeforeTheyAreUsed() throws IOException {
    Path keys = folder.resolve("jwt-keys.json");
    var _ = JwtKeys.openOrCreate(keys);
    assertThat(warnings.list).isEmpty();
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));

    var _ = JwtKeys.load(keys);

    assertThat(warnings.list)
        .singleElement()
        .satisfies(warning ->
            assertThat(warning.getKeyValuePairs())
                .extracting(pair -> String.valueOf(pair.value))
                .containsExactly(keys.toString(), "rw-r--r--"));
  }
}
