package dev.slipway.pipeline.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class DiskPropertiesTest {
  private final ApplicationContextRunner context =
      new ApplicationContextRunner().withUserConfiguration(Properties.class);

  @Test
  void defaults() {
    context.run(started ->
        assertThat(started.getBean(DiskProperties.class))
            .isEqualTo(new DiskProperties(null, DataSize.ofMegabytes(256))));
  }

  @Test
  void fullMapping() {
    context
        .withPropertyValues("slipway.disk.directory=/data of it", "slipway.disk.floor=24MB")
        .run(started ->
            assertThat(started.getBean(DiskProperties.class))
                .isEqualTo(new DiskProperties(Path.of("/data of it"), DataSize.ofMegabytes(24))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"floor=1MB", "floor=1TB"})
  void boundsAreAllowed(String property) {
    context
        .withPropertyValues("slipway.disk." + property)
        .run(started -> assertThat(started).hasNotFailed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"floor=0", "floor=1048575B", "floor=1025GB", "floor=much", "flor=1GB"})
  void outOfBoundsOrMisspeltStopsTheStart(String property) {
    context
        .withPropertyValues("slipway.disk." + property)
        .run(started -> assertThat(started).hasFailed());
  }

  @EnableConfigurationProperties(DiskProperties.class)
  static class Properties {}
}
