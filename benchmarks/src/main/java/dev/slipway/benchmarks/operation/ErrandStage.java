package dev.slipway.benchmarks.operation;

import dev.slipway.benchmarks.operation.Errand.Happened;
import dev.slipway.benchmarks.operation.Errand.Run;
import dev.slipway.benchmarks.operation.Errand.Told;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.stage.EventCodec;
import dev.slipway.pipeline.stage.OperationCodec;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// `bench.errands`: a request asks for an errand, which has one operation, whose outcome ends it.
final class ErrandStage {
  private static final String TENANT = "default";
  private static final Topic EVENTS = topic("errand.events");
  private static final JsonMapper JSON = JsonMapper.shared();

  private ErrandStage() {}

  static Stage<Errand, Told, Happened> create() {
    return Stage.named(
            "bench.errands",
            new Rules(),
            Table.<Errand, Told, Happened>of(
                    "errand",
                    "errand_id",
                    "uuid",
                    JSON::writeValueAsString,
                    json -> JSON.readValue(json, Errand.class))
                .uniqueOverTenants()
                .column("status", "text", errand -> errand.done() ? "DONE" : "ASKED"))
        .reads(topic("errand.commands"), (_, _) -> Optional.empty())
        .publishes(new Events())
        .operates(Run.class, new Operations(), _ -> Optional.empty())
        .deadLetters(topic("bench.errands.dlt"));
  }

  /// A request that asks for a new errand; it is answered with its id.
  static Request<Errand, Told, Happened> request() {
    return new Request<>(
        null,
        id -> new AggregateId(TENANT, id.toString()),
        _ -> Told.ASK,
        decided -> new Request.Answer(202, decided.id().key(), "{}"));
  }

  private static Topic topic(String name) {
    return new Topic(name, "an errand's id", "text", 1, Optional.empty(), false, 1_048_576, false);
  }

  private static final class Rules implements Decider<Errand, Told, Happened> {
    @Override
    public Errand initial() {
      return Errand.NONE;
    }

    @Override
    public Decision<Happened> decide(Errand errand, Told told) {
      return switch (told) {
        case ASK -> Decision.of(Happened.ASKED).with(new Run());
        case DONE -> errand.done() ? Decision.nothing() : Decision.of(Happened.DONE);
      };
    }

    @Override
    public Errand evolve(Errand errand, Numbered<Happened> event) {
      return new Errand(event.event() == Happened.DONE);
    }
  }

  private static final class Events implements EventCodec<Errand, Happened> {
    @Override
    public Topic topic() {
      return EVENTS;
    }

    @Override
    public String source() {
      return "bench";
    }

    @Override
    public @Nullable String type(Happened event) {
      return switch (event) {
        case ASKED -> "errand.asked";
        case DONE -> "errand.done";
      };
    }

    @Override
    public byte[] encode(AggregateId id, Errand after, Numbered<Happened> event) {
      return event.event().name().getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final class Operations implements OperationCodec<Run> {
    @Override
    public String kind(Run operation) {
      return "run";
    }

    @Override
    public String encode(Run operation) {
      return "{}";
    }

    @Override
    public boolean isOrdered(Run operation) {
      return true; // as what is done in a sandbox is
    }
  }
}
