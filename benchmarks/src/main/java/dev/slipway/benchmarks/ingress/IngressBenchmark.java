package dev.slipway.benchmarks.ingress;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.Tool;
import dev.slipway.pipeline.kafka.PartitionCounts;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.kafka.TopicNames;
import dev.slipway.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/// Durable 202s a second and their p99, with webhooks of 7.7 KB on 64 connections, against a
/// middleware that stores nothing and a producer that answers nobody.
public final class IngressBenchmark implements Benchmark {
  private static final int REPOSITORIES = 64;
  private static final double AIM_OF_MIDDLEWARE = 1;
  private static final double AIM_OF_PRODUCER = 0.5;

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    for (Tool tool : List.of(Tool.WRK, Tool.NODE, Tool.NPM)) {
      Path _ = tool.find();
    }
    try (Scratch scratch = Scratch.create()) {
      progress.accept("starting Kafka and webhook-ingress");
      try (SlipwayParts slipway = SlipwayParts.start(scratch.folder("slipway"))) {
        ChildProgram _ = slipway.run("webhook-ingress", Map.of());
        progress.accept("installing and starting @octokit/webhooks");
        try (OctokitServer octokit =
            OctokitServer.start(scratch.folder("octokit"), slipway.secret("webhook-secret"))) {
          return run(effort, progress, scratch, slipway, octokit);
        }
      }
    }
  }

  private static Report run(
      Contest.Effort effort,
      Consumer<String> progress,
      Scratch scratch,
      SlipwayParts slipway,
      OctokitServer octokit)
      throws IOException, InterruptedException {
    Webhooks webhooks = Webhooks.signed(slipway.secret("webhook-secret"), REPOSITORIES);
    Path load = scratch.folder("load");
    WebhookLoad.prepare(load, webhooks);
    String topic = createTopic(slipway);
    List<Row> rows =
        new Contest(
                "webhooks of %.1f KB, %d connections"
                    .formatted(webhooks.sizeBytes() / 1000.0, WebhookLoad.CONNECTIONS),
                "webhooks/s",
                List.of(
                    new WebhookLoad(
                        "Slipway: verified and on Kafka", slipway.url("webhooks"), load),
                    new WebhookLoad("@octokit/webhooks: verified", octokit.url(), load),
                    new ProducerTool(slipway.kafkaProperties(), topic, webhooks.sizeBytes())))
            .run(effort, progress);
    double own = rows.get(0).median().perSecond();
    return new Report(
        rows,
        List.of(
            new Aim(
                "Slipway / @octokit/webhooks",
                own / rows.get(1).median().perSecond(),
                true,
                AIM_OF_MIDDLEWARE),
            new Aim(
                "Slipway / Kafka's producer tool",
                own / rows.get(2).median().perSecond(),
                true,
                AIM_OF_PRODUCER),
            new Aim("webhooks that were not answered 202", rows.get(0).failed(), false, 0)));
  }

  /// A twin of `github.deliveries`: nobody reads it, and its records are no deliveries.
  private static String createTopic(SlipwayParts slipway) {
    TopicNames names = new TopicNames("bench.");
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(slipway.kafkaClient()))) {
      var _ =
          new TopicAdmin(admin, names, PartitionCounts.oneBroker(), Map.of())
              .apply(List.of(Topics.GITHUB_DELIVERIES));
    }
    return names.of(Topics.GITHUB_DELIVERIES);
  }
}
