package dev.slipway.benchmarks.door;

import dev.slipway.benchmarks.door.Parcel.HandIn;
import dev.slipway.benchmarks.door.Parcel.HandedIn;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.stage.EventCodec;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// `bench.parcels`: a request hands a parcel in, which is one row, one event and one kept answer.
final class ParcelStage {
  static final String TENANT = "default";

  private static final Topic EVENTS = topic("parcel.events");
  private static final JsonMapper JSON = JsonMapper.shared();

  private ParcelStage() {}

  static Stage<Parcel, HandIn, HandedIn> create() {
    return Stage.named(
            "bench.parcels",
            new Rules(),
            Table.<Parcel, HandIn, HandedIn>of(
                    "parcel",
                    "parcel_id",
                    "uuid",
                    JSON::writeValueAsString,
                    json -> JSON.readValue(json, Parcel.class))
                .uniqueOverTenants()
                .column("recipient", "text", Parcel::recipient))
        .reads(topic("parcel.commands"), (_, _) -> Optional.empty())
        .publishes(new Events())
        .deadLetters(topic("bench.parcels.dlt"));
  }

  /// A request that creates a parcel under the id that is drawn for it.
  static Request<Parcel, HandIn, HandedIn> request(Request.Key key, String recipient) {
    return new Request<>(
        key,
        id -> new AggregateId(TENANT, id.toString()),
        _ -> new HandIn(recipient),
        ParcelStage::answer);
  }

  /// An idempotency key with the body that belongs to it.
  static Request.Key key(String key, byte[] bodySha256) {
    return new Request.Key(Ids.request(TENANT, "bench", "POST /parcels", key), TENANT, bodySha256);
  }

  private static Answer answer(Decided<Parcel, HandedIn> decided) {
    return new Answer(
        202,
        "/parcels/" + decided.id().key(),
        "{\"parcel_id\":\"%s\",\"recipient\":\"%s\",\"version\":%d}"
            .formatted(decided.id().key(), decided.state().recipient(), decided.version()));
  }

  private static Topic topic(String name) {
    return new Topic(name, "a parcel's id", "text", 1, Optional.empty(), false, 1_048_576, false);
  }

  private static final class Rules implements Decider<Parcel, HandIn, HandedIn> {
    @Override
    public Parcel initial() {
      return Parcel.NONE;
    }

    @Override
    public Decision<HandedIn> decide(Parcel parcel, HandIn input) {
      return parcel.equals(Parcel.NONE)
          ? Decision.of(new HandedIn(input.recipient()))
          : Decision.nothing();
    }

    @Override
    public Parcel evolve(Parcel parcel, Numbered<HandedIn> event) {
      return new Parcel(event.event().recipient());
    }
  }

  private static final class Events implements EventCodec<Parcel, HandedIn> {
    @Override
    public Topic topic() {
      return EVENTS;
    }

    @Override
    public String source() {
      return "bench";
    }

    @Override
    public @Nullable String type(HandedIn event) {
      return "parcel.handed_in";
    }

    @Override
    public byte[] encode(AggregateId id, Parcel after, Numbered<HandedIn> event) {
      return after.recipient().getBytes(StandardCharsets.UTF_8);
    }
  }
}
