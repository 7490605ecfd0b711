package dev.slipway.standalone.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
  @TempDir Path folder;

  private DataDirectory directory;

  @BeforeEach
  void open() {
    directory = DataDirectory.open(folder.resolve("data"));
  }

  @Test
  void standInTheFileUnderTheKeysOfTheContractAndNothingElseDoes() throws IOException {
    new Endpoints(
            Map.of(
                Endpoint.SCHEMA_REGISTRY, "http://127.0.0.1:8085",
                Endpoint.SLIPWAY, "http://127.0.0.1:8080"))
        .write(directory);

    Path file = directory.root().resolve("endpoints.json");
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            {"slipway":"http://127.0.0.1:8080","schema_registry":"http://127.0.0.1:8085"}
            """);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void mergeWithWhatOtherProcessesWrote() {
    new Endpoints(Map.of(Endpoint.KAFKA, "old:1", Endpoint.DATABASE, "db")).write(directory);

    new Endpoints(Map.of(Endpoint.KAFKA, "new:2")).merge(directory);

    assertThat(Endpoints.read(directory).urls())
        .isEqualTo(Map.of(Endpoint.KAFKA, "new:2", Endpoint.DATABASE, "db"));
  }

  @Test
  void areNoneWhenThereIsNoFileOrItIsBroken() throws IOException {
    assertThat(Endpoints.read(directory).urls()).isEmpty();

    Files.writeString(directory.root().resolve("endpoints.json"), "{\"kafka\":");

    assertThat(Endpoints.read(directory).urls()).isEmpty();
  }
}
