package dev.slipway.localgithub.hook;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.hook.Delivery.Outcome;
import dev.slipway.localgithub.repository.Events;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.RepositoryJson;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// All hooks, and what was sent to each. A delivery is written down before it is sent: one that a
/// killed process had not finished is sent at the next start.
public final class Hooks implements Events, AutoCloseable {
  /// How long GitHub remembers deliveries.
  private static final Duration KEPT = Duration.ofDays(3);

  /// And how many of a repository we do at most.
  private static final int MOST = 5_000;

  private static final long VERSION_BITS = 0xf000L;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Documents<Hook> hooks;
  private final Documents<Delivery> deliveries;
  private final Store store;
  private final Repositories repositories;
  private final RepositoryJson repositoryJson;
  private final Urls urls;
  private final Sender sender;
  private final Clock clock;
  private final AtomicBoolean ending = new AtomicBoolean();

  public Hooks(Store store, Repositories repositories, Urls urls, Clock clock) {
    this.store = store;
    this.repositories = repositories;
    this.urls = urls;
    this.clock = clock;
    repositoryJson = new RepositoryJson(urls);
    sender = new Sender(clock);
    hooks = store.documents("hook", Hook.class);
    deliveries = store.documents("delivery", Delivery.class);
  }

  /// Sends what a killed process did not.
  public void catchUp() {
    for (Delivery delivery : deliveries.all()) {
      if (delivery.outcome() == null) {
        find(delivery.repository(), delivery.hook()).ifPresent(hook -> send(hook, delivery));
      }
    }
  }

  List<Hook> of(Repository repository) {
    return hooks.of(repository.id());
  }

  private Optional<Hook> find(long repository, long id) {
    return hooks.find(new Key(repository, id));
  }

  /// The one that a request's path names.
  Hook require(Repository repository, Call call) {
    return find(repository.id(), call.number("hook")).orElseThrow(Refusals::notFound);
  }

  Hook create(Repository repository, boolean active, List<String> events, Hook.Config config) {
    return repositories.locked(
        repository.id(),
        () -> {
          if (of(repository).stream().anyMatch(hook -> hook.config().url().equals(config.url()))) {
            throw Refusals.custom("Hook", "Hook already exists on this repository");
          }
          Instant now = clock.instant();
          Hook made =
              new Hook(store.nextId(), repository.id(), active, events, config, now, now, null);
          hooks.put(new Key(repository.id(), made.id()), made);
          return made;
        });
  }

  Hook change(Hook hook, boolean active, List<String> events, Hook.Config config) {
    Key key = new Key(hook.repository(), hook.id());
    return repositories.locked(
        hook.repository(),
        () -> {
          Hook changed =
              hooks
                  .find(key)
                  .orElseThrow(Refusals::notFound)
                  .with(active, events, config, clock.instant());
          hooks.put(key, changed);
          return changed;
        });
  }

  void delete(Hook hook) {
    boolean _ =
        repositories.locked(
            hook.repository(),
            () -> {
              deliveriesOf(hook)
                  .forEach(each -> {
                    boolean _ = deliveries.remove(new Key(hook.repository(), each.id()));
                  });
              return hooks.remove(new Key(hook.repository(), hook.id()));
            });
  }

  /// The newest first.
  List<Delivery> deliveriesOf(Hook hook) {
    return deliveries.of(hook.repository()).reversed().stream()
        .filter(delivery -> delivery.hook() == hook.id())
        .toList();
  }

  Delivery requireDelivery(Hook hook, long id) {
    return deliveries
        .find(new Key(hook.repository(), id))
        .filter(delivery -> delivery.hook() == hook.id())
        .orElseThrow(Refusals::notFound);
  }

  void redeliver(Hook hook, Delivery delivery) {
    begin(hook, delivery.again(store.nextId(), clock.instant()));
  }

  @Override
  public void emit(
      Repository repository,
      Account by,
      String event,
      @Nullable String action,
      ObjectNode payload) {
    List<Hook> wanting = of(repository).stream().filter(hook -> hook.wants(event)).toList();
    if (wanting.isEmpty()) {
      return;
    }
    ObjectNode whole = Json.object();
    if (action != null) {
      whole.put("action", action);
    }
    whole.setAll(payload);
    Repository now = repositories.find(repository.id()).orElse(repository);
    whole.set(
        "repository", event.equals("push") ? repositoryJson.ofPush(now) : repositoryJson.json(now));
    whole.set("sender", by.json(urls));
    String guid = guid();
    wanting.forEach(hook -> begin(hook, delivery(hook, guid, event, action, whole)));
  }

  /// Tells a hook alone that it is there.
  void ping(Repository repository, Hook hook, ObjectNode json, Account by) {
    ObjectNode payload =
        Json.object()
            .put("zen", "Keep it logically awesome.")
            .put("hook_id", hook.id())
            .set("hook", json)
            .set("repository", repositoryJson.json(repository))
            .set("sender", by.json(urls));
    begin(hook, delivery(hook, guid(), "ping", null, payload));
  }

  private Delivery delivery(
      Hook hook, String guid, String event, @Nullable String action, ObjectNode payload) {
    return new Delivery(
        store.nextId(),
        hook.id(),
        hook.repository(),
        guid,
        event,
        action,
        false,
        clock.instant(),
        payload.toString(),
        null);
  }

  private static String guid() {
    long high = RANDOM.nextLong();
    long low = RANDOM.nextLong();
    return new UUID((high & ~VERSION_BITS) | 0x4000L, (low & (-1L >>> 2)) | Long.MIN_VALUE)
        .toString();
  }

  private void begin(Hook hook, Delivery delivery) {
    forgetOld(hook.repository());
    deliveries.put(new Key(hook.repository(), delivery.id()), delivery);
    send(hook, delivery);
  }

  private void send(Hook hook, Delivery delivery) {
    var _ = sender.send(hook, delivery).thenAccept(outcome -> note(delivery, outcome));
  }

  private void note(Delivery delivery, Outcome outcome) {
    if (ending.get()) {
      return; // nothing has come of it: it is sent at the next start
    }
    Key key = new Key(delivery.repository(), delivery.hook());
    boolean _ =
        repositories.locked(
            delivery.repository(),
            () -> {
              Optional<Hook> hook = hooks.find(key);
              hook.ifPresent(found -> {
                deliveries.put(
                    new Key(delivery.repository(), delivery.id()), delivery.with(outcome));
                hooks.put(key, found.answered(new Hook.Last(outcome.code(), outcome.status())));
              });
              return hook.isPresent();
            });
  }

  private void forgetOld(long repository) {
    List<Delivery> all = deliveries.of(repository);
    Instant oldest = clock.instant().minus(KEPT);
    for (int i = 0; i < all.size(); i++) {
      Delivery delivery = all.get(i);
      if (all.size() - i < MOST && !delivery.at().isBefore(oldest)) {
        return;
      }
      boolean _ = deliveries.remove(new Key(repository, delivery.id()));
    }
  }

  @Override
  public void close() {
    ending.set(true);
    sender.close();
  }
}
