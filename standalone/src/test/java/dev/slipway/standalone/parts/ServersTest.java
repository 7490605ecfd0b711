package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.standalone.directory.TakenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServersTest {

  @Test
  void aTakenPortIsNamedWithWhatItIsFor() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> Servers.requireFree(Map.of("Kafka", port)))
          .isInstanceOf(TakenException.class)
          .hasMessageContaining("port " + port + " (Kafka)");
    }
  }
}
