package dev.slipway.notifier.hub;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Who listens live, found by tenant and topic. Not safe for several threads.
final class Audience {
  private final Map<String, Listeners> tenants = new HashMap<>();
  private int size; // CONFINED: to whoever guards the audience

  private record Listeners(Set<LiveStream> all, Map<String, Set<LiveStream>> byTopic) {
    Listeners() {
      this(new LinkedHashSet<>(), new HashMap<>());
    }

    boolean isEmpty() {
      return all.isEmpty() && byTopic.isEmpty();
    }
  }

  /// Adds a stream that is not there.
  void add(LiveStream stream) {
    size++;
    Subscription wanted = stream.subscription();
    Listeners listeners = tenants.computeIfAbsent(wanted.tenant(), _ -> new Listeners());
    if (wanted.topics().isEmpty()) {
      listeners.all.add(stream);
    }
    for (String topic : wanted.topics()) {
      listeners.byTopic.computeIfAbsent(topic, _ -> new LinkedHashSet<>()).add(stream);
    }
  }

  /// Removes a stream that is there.
  void remove(LiveStream stream) {
    Subscription wanted = stream.subscription();
    Listeners listeners = tenants.get(wanted.tenant());
    if (listeners == null) {
      return;
    }
    size--;
    listeners.all.remove(stream);
    for (String topic : wanted.topics()) {
      listeners.byTopic.computeIfPresent(
          topic,
          (_, streams) -> {
            streams.remove(stream);
            return streams.isEmpty() ? null : streams;
          });
    }
    if (listeners.isEmpty()) {
      tenants.remove(wanted.tenant());
    }
  }

  /// Names every stream that an event is for; one that asked for several of its topics, or hears of
  /// a gap, more than once.
  void forEach(LiveEvent event, Consumer<LiveStream> action) {
    if (event.isGap()) {
      tenants
          .values()
          .forEach(listeners -> {
            listeners.all.forEach(action);
            listeners.byTopic.values().forEach(streams -> streams.forEach(action));
          });
      return;
    }
    Listeners listeners = tenants.get(event.tenant());
    if (listeners == null) {
      return;
    }
    listeners.all.forEach(action);
    if (listeners.byTopic.isEmpty()) {
      return;
    }
    for (String topic : event.topics()) {
      Set<LiveStream> streams = listeners.byTopic.get(topic);
      if (streams != null) {
        streams.forEach(action);
      }
    }
  }

  int size() {
    return size;
  }
}
