package dev.slipway.standalone.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class OpeningTest {
  private static final UUID TASK = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

  @Test
  void anOpenedPullRequestOfATasksBranchIsTold() {
    assertThat(Opening.told("pull_request", payload("opened", "slipway/" + TASK)))
        .contains(new Opening(TASK, "site", 7));
  }

  @Test
  void otherEventsActionsAndBranchesTellNothing() {
    assertThat(Opening.told("push", payload("opened", "slipway/" + TASK))).isEmpty();
    assertThat(Opening.told("pull_request", payload("closed", "slipway/" + TASK))).isEmpty();
    assertThat(Opening.told("pull_request", payload("opened", "slipway/mine"))).isEmpty();
    assertThat(Opening.told("pull_request", payload("opened", "main"))).isEmpty();
    assertThat(Opening.told("pull_request", "{".getBytes(UTF_8))).isEmpty();
  }

  private static byte[] payload(String action, String branch) {
    return """
    {"action": "%s", "repository": {"name": "site"},
     "pull_request": {"number": 7, "head": {"ref": "%s"}}}
    """
        .formatted(action, branch)
        .getBytes(UTF_8);
  }
}
