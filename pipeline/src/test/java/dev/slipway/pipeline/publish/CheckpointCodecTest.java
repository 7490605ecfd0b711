package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.publish.CheckpointCodec.Progress;
import dev.slipway.pipeline.publish.Outbox.Lane;
import dev.slipway.pipeline.publish.Outbox.Published;
import dev.slipway.pipeline.publish.Outbox.Row;
import dev.slipway.schemas.publisher.Checkpoint;
import dev.slipway.schemas.publisher.RowsPublished;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckpointCodecTest {
  @Test
  void whatIsWrittenIsRead() {
    var rows =
        List.of(
            new Row(7, new Lane("topic", "acme", "key"), envelope(1), new byte[0]),
            new Row(9, new Lane("topic", "acme", "key"), envelope(2), new byte[0]));

    Progress read = CheckpointCodec.read(CheckpointCodec.write(rows, Set.of(3, 5)));

    assertThat(read)
        .isEqualTo(
            new Progress(
                List.of(new Published(7, OutboxWorld.id(1)), new Published(9, OutboxWorld.id(2))),
                Set.of(3, 5)));
  }

  @Test
  void oneThatOnlyPaysADebtNamesNoRows() {
    assertThat(CheckpointCodec.read(CheckpointCodec.write(List.of(), Set.of())))
        .isEqualTo(Progress.NOTHING);
  }

  @Test
  void oneOfAnEarlierBuildNamesRowsAloneAndOwesWhatItsRouterMayHaveLeft() {
    var old = new Checkpoint(new RowsPublished(List.of(7L), List.of(), List.of()));

    assertThat(CheckpointCodec.read(old))
        .isEqualTo(new Progress(List.of(new Published(7, null)), Set.of(Notifications.ALL)));
  }

  private static CloudEvent envelope(int number) {
    return OutboxWorld.numbered(number, new byte[0]).envelope();
  }
}
