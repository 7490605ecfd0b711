package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SharedPostgresIT {
  @Test
  void givesEachCallerADatabaseOfItsOwn() {
    String first = SharedPostgres.newDatabase();
    String second = SharedPostgres.newDatabase();

    assertThat(first).matches("postgresql://slipway:test@[^:]+:\\d+/test_\\d+");
    assertThat(second).isNotEqualTo(first);
  }
}
