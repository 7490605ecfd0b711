package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresServerTest {
  @ParameterizedTest
  @CsvSource({"330, 64, 32", "2048, 128, 64", "4096, 256, 80", "1048576, 1024, 80"})
  void itsLogTakesNoMoreOfASmallDiskThanItMust(long diskMib, int most, int least) {
    assertThat(PostgresServer.logSettings(diskMib * 1024 * 1024))
        .isEqualTo(Map.of("max_wal_size", most + "MB", "min_wal_size", least + "MB"));
  }
}
