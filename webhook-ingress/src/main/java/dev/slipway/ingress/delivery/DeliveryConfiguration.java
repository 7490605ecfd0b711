package dev.slipway.ingress.delivery;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.TopicUse;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The parts of the ingress.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryProperties.class)
public class DeliveryConfiguration {
  private static final int MIB = 1024 * 1024;

  /// As received and as Avro, then as Avro and in the producer's buffer.
  private static final int COPIES_OF_A_BODY = 2;

  @Bean
  AccessRule webhookAccess() {
    return AccessRule.open(DeliveryIntake.PATH);
  }

  @Bean
  ByteBudget byteBudget(DeliveryProperties properties) {
    long configured = properties.heldBytes().toBytes();
    long bytes = configured > 0 ? configured : Runtime.getRuntime().maxMemory() / 4;
    return new ByteBudget(bytes, COPIES_OF_A_BODY);
  }

  @Bean
  SigningSecrets signingSecrets(DeliveryProperties properties, Tenants tenants) {
    List<SigningSecret> secrets = new ArrayList<>();
    properties
        .secrets()
        .forEach(secret -> secrets.add(new SigningSecret(new Signer.Operator(), secret)));
    tenants
        .webhookSecrets()
        .forEach((tenant, own) ->
            own.forEach(
                secret -> secrets.add(new SigningSecret(new Signer.Tenant(tenant), secret))));
    if (secrets.isEmpty()) {
      throw new IllegalStateException(
          "no webhook secret: set GITHUB_WEBHOOK_SECRET, or webhook_secrets in the tenants file");
    }
    return new SigningSecrets(secrets);
  }

  @Bean
  DeliveryCodec deliveryCodec(KafkaClients clients) {
    var serializer = new AvroSerializer<Delivery>();
    serializer.configure(clients.serde(), false);
    return new DeliveryCodec(clients.topicNames().of(Topics.GITHUB_DELIVERIES), serializer);
  }

  @Bean
  DeliveryLog deliveryLog(KafkaClients clients, DeliveryCodec codec, ByteBudget budget) {
    Map<String, Object> producer = clients.producer("webhook-ingress");
    // Fits a form of 36 MiB with its envelope; the topic takes no more.
    producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.GITHUB_DELIVERIES.maxRecordBytes());
    // More than all bodies together, so that a send never waits for memory.
    producer.put(ProducerConfig.BUFFER_MEMORY_CONFIG, budget.total() + 64L * MIB);
    // A broker appends the requests of one connection one after the other. With one of them on its
    // way, what comes in meanwhile goes out together in the next, however long an append takes;
    // with five, each would be sent alone.
    producer.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    producer.put(ProducerConfig.BATCH_SIZE_CONFIG, MIB);
    // The event loop sends: it must fail rather than wait. DeliveryLog keeps the metadata warm.
    producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
    var probe =
        new TopicProbe(
            clients.admin("webhook-ingress-probe"),
            clients.topicNames().of(Topics.GITHUB_DELIVERIES));
    return new DeliveryLog(() -> clients.newProducer(producer), probe, codec, System::nanoTime);
  }

  @Bean
  DeliveryMetrics deliveryMetrics(MeterRegistry registry, ByteBudget budget, DeliveryLog log) {
    return new DeliveryMetrics(registry, budget, log);
  }

  @Bean
  Admission admission(
      DeliveryProperties properties,
      DeliveryLog log,
      AllowedAddresses allowed,
      ByteBudget budget,
      DiskSpace disk) {
    return new Admission(
        properties,
        log,
        new Sources(properties.trustedProxyHops()),
        new BadSignatures(properties.badSignaturesPerMinute(), Ticker.systemTicker()),
        allowed,
        // what is on its way is as good as written
        bytes -> disk.takes(bytes + budget.used() / COPIES_OF_A_BODY));
  }

  @Bean
  ExecutorService largeBodies() {
    return Executors.newFixedThreadPool(
        Runtime.getRuntime().availableProcessors(),
        Thread.ofPlatform().name("large-bodies-", 1).daemon().factory());
  }

  @Bean
  BodyPace bodyPace(DeliveryProperties properties) {
    return new BodyPace(
        properties.readTimeout(), properties.slowestBytesPerSecond().toBytes(), System::nanoTime);
  }

  @Bean
  AllowedAddresses allowedAddresses(DeliveryProperties properties) {
    return new AllowedAddresses(
        properties.allowedAddresses(), properties.allowedAddressesRefresh(), System::nanoTime);
  }

  @Bean
  Housekeeping housekeeping(BodyPace pace, AllowedAddresses allowed) {
    return new Housekeeping(pace, allowed);
  }

  @Bean
  DeliveryController deliveryController() {
    return new DeliveryController();
  }

  @Bean
  DeliveryIntake deliveryIntake(
      Admission admission,
      SigningSecrets secrets,
      ByteBudget budget,
      BodyPace pace,
      DeliveryJudge judge,
      DeliveryMetrics metrics) {
    return new DeliveryIntake(admission, secrets, budget, pace, judge, metrics);
  }

  @Bean
  DeliveryJudge deliveryJudge(
      Tenants tenants,
      DeliveryCodec codec,
      DeliveryLog log,
      DeliveryMetrics metrics,
      ExecutorService largeBodies) {
    return new DeliveryJudge(
        new Ownership(tenants::of), codec, log, metrics, Clock.systemUTC(), largeBodies);
  }

  @Bean
  TopicUse topicUse() {
    return new TopicUse(List.of(Topics.GITHUB_DELIVERIES), List.of());
  }

  @Bean
  ReadinessCheck logReadiness(DeliveryLog log) {
    return ReadinessCheck.upWhen(
        Part.KAFKA,
        "Webhooks are refused, because Kafka says nothing good about the log of deliveries: check"
            + " that each of its partitions has a leader.",
        log::reachable);
  }

  @Bean
  ReadinessCheck schemaReadiness(DeliveryLog log) {
    return ReadinessCheck.upWhen(
        Part.REGISTRY,
        "Webhooks are refused, because the schema registry has given no id to the schema of"
            + " deliveries: the log says why.",
        log::schemaKnown);
  }
}
