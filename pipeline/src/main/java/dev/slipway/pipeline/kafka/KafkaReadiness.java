package dev.slipway.pipeline.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Whether brokers answer, and have the topics that this process uses.
final class KafkaReadiness implements AutoCloseable {
  static final String REMEDY =
      "Kafka does not answer: start it, or check KAFKA_BOOTSTRAP_SERVERS and how to log in to it.";
  private static final int PATIENCE_MS = 1_500;

  private final Map<String, Object> settings;
  private final TopicNames names;
  private final List<TopicUse> uses;

  @GuardedBy("this")
  private @Nullable Admin admin;

  KafkaReadiness(Map<String, Object> settings, TopicNames names, List<TopicUse> uses) {
    this.settings = Map.copyOf(settings);
    this.names = names;
    this.uses = List.copyOf(uses);
  }

  /// How Kafka is; fails when it does not answer.
  Mono<Finding> look() {
    return Mono.fromCallable(this::admin)
        .subscribeOn(Schedulers.boundedElastic()) // it looks up names the first time
        .flatMap(
            client -> Mono.zip(brokers(client), missing(client), (_, missing) -> finding(missing)));
  }

  /// Made when it is first needed: a start must not depend on names that nobody knows yet.
  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(settings);
    }
    return admin;
  }

  private Finding finding(Set<String> missing) {
    Set<String> needed = among(missing, TopicUse::needed);
    if (!needed.isEmpty()) {
      return Finding.down(tell(missing));
    }
    return missing.isEmpty() ? Finding.up() : Finding.degraded(tell(missing));
  }

  private static String tell(Set<String> missing) {
    return "Kafka has no topic %s: run `./slipway topics apply`."
        .formatted(String.join(", ", missing));
  }

  private static Mono<Boolean> brokers(Admin admin) {
    var options = new DescribeClusterOptions().timeoutMs(PATIENCE_MS);
    return Mono.fromCompletionStage(
            () -> admin.describeCluster(options).nodes().toCompletionStage())
        .filter(nodes -> !nodes.isEmpty())
        .map(_ -> true);
  }

  private Mono<Set<String>> missing(Admin admin) {
    var options = new DescribeTopicsOptions().timeoutMs(PATIENCE_MS);
    return Mono.defer(() -> {
      Set<String> used = new TreeSet<>(names(TopicUse::needed));
      used.addAll(names(TopicUse::wanted));
      return Flux.fromIterable(admin.describeTopics(used, options).topicNameValues().entrySet())
          .flatMap(
              topic ->
                  Mono.fromCompletionStage(topic.getValue().toCompletionStage())
                      .flatMap(_ -> Mono.<String>empty())
                      .onErrorResume(
                          UnknownTopicOrPartitionException.class, _ -> Mono.just(topic.getKey())),
              Math.max(1, used.size()))
          .<Set<String>>collect(TreeSet::new, Set::add);
    });
  }

  private Set<String> among(Set<String> missing, Function<TopicUse, List<Topic>> topics) {
    Set<String> found = names(topics);
    found.retainAll(missing);
    return found;
  }

  private Set<String> names(Function<TopicUse, List<Topic>> topics) {
    Set<String> found = new TreeSet<>();
    uses.forEach(use -> topics.apply(use).forEach(topic -> found.add(names.of(topic))));
    return found;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
