package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docker-compose.yml`, as a tool that is none of ours reads it.
class ComposeFileIT {
  private static final String LINT = "node_modules/dclint/bin/dclint.cjs";

  @Test
  void composeUnderstandsTheFileAndNothingInItIsDoubtful() {
    CommandResult _ = lint(Checkout.root().resolve("docker-compose.yml")).exited(0);
  }

  @Test
  void whatIsWrongIsFound(@TempDir Path directory) throws IOException {
    Path wrong = directory.resolve("docker-compose.yml");
    Files.writeString(wrong, "services:\n  a:\n    imagee: x\n");

    assertThat(lint(wrong).exited(1).out()).contains("invalid-schema");
  }

  private static CommandResult lint(Path file) {
    return Node.report(
        LINT, Map.of(), 60, "--config", "dclint.yaml", "--max-warnings", "0", file.toString());
  }
}
