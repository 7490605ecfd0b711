package dev.slipway.locale2b.envd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,1",
    "bytes=2-4,2,3",
    "bytes=7-,7,3",
    "bytes=-4,6,4",
    "bytes=-99,0,10",
    "bytes=5-99,5,5"
  })
  void aRangeIsCutToTheFile(String header, long first, long length) {
    assertThat(ByteRange.of(Optional.of(header), 10)).contains(new ByteRange(first, length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=-0", "bytes=11-12"})
  void aRangeWithoutAByteOfTheFileIsUnsatisfiable(String header) {
    assertThatThrownBy(() -> ByteRange.of(Optional.of(header), 10))
        .isInstanceOf(ByteRange.UnsatisfiableException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bytes=-", "bytes=4-2", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b"})
  void whatIsNoSingleRangeIsTheWholeFile(String header) {
    assertThat(ByteRange.of(Optional.of(header), 10)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip, deflate           | GZIP
          GZIP;q=0.5              | GZIP
          *                       | GZIP
          gzip;q=0                | IDENTITY
          br                      | IDENTITY
          identity;q=0, br        | NONE
          *;q=0                   | NONE
          identity, *;q=0         | IDENTITY
          """)
  void anEncodingIsTakenThatTheClientTakes(String header, AcceptedEncoding encoding) {
    assertThat(AcceptedEncoding.of(Optional.of(header))).isEqualTo(encoding);
    assertThat(AcceptedEncoding.of(Optional.empty())).isEqualTo(AcceptedEncoding.IDENTITY);
  }
}
