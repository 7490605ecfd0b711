package dev.slipway.pipeline.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class RetentionPropertiesTest {
  @Test
  void everythingIsKeptForEverUnlessItIsSaidOtherwise() {
    RetentionProperties properties = RetentionProperties.of(with(Map.of()));

    assertThat(properties.topics()).isEmpty();
    assertThat(properties.timeline()).isNull();
    assertThat(properties.interval()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void theTopicOfDeliveriesIsKeptAsLongAsTheyAre() {
    Environment environment = with(Map.of("slipway.retention.deliveries", "90d"));

    assertThat(RetentionProperties.of(environment).topics())
        .containsExactlyEntriesOf(Map.of(Topics.GITHUB_DELIVERIES, Duration.ofDays(90)));
  }

  @Test
  void nothingSaidIsAsIfItWereNotThere() {
    Environment environment = with(Map.of("slipway.retention.deliveries", ""));

    assertThat(RetentionProperties.of(environment).topics()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          deliveries | soon  | slipway.retention.deliveries: 'soon' is not a valid duration; a time is such as 90d
          deliveries | 6d    | slipway.retention.deliveries must be at least 7d, such as 70d; it is 6d
          timeline   | 3600s | slipway.retention.timeline must be at least 1d, such as 10d; it is 3600s
          interval   | 0s    | slipway.retention.interval must be at least 1s, such as 10s; it is 0s
          rows       | 0     | slipway.retention.rows must be between 1 and 100,000
          """)
  void aValueOutOfItsBoundsIsRefusedWithTheRemedy(String name, String value, String message) {
    Environment environment = with(Map.of("slipway.retention." + name, value));

    assertThatThrownBy(() -> RetentionProperties.of(environment))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(message);
  }

  private static Environment with(Map<String, Object> settings) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    return environment;
  }
}
