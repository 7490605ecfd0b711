package dev.slipway.benchmarks.ingress;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Resource;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Tool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Posts webhooks with `wrk`: each with an id of its own, each answered before the next on its
/// connection.
public final class WebhookLoad implements Contestant {
  static final int CONNECTIONS = 64;

  private static final String SCRIPT = "post.lua";

  private static final Pattern RESULT =
      Pattern.compile("RESULT requests=(\\d+) micros=(\\d+) p50=(\\d+) p99=(\\d+) failed=(\\d+)");

  private final String name;
  private final URI url;
  private final Path folder;

  /// @param folder holds what [#prepare] left
  public WebhookLoad(String name, URI url, Path folder) {
    this.name = name;
    this.url = url;
    this.folder = folder;
  }

  /// Leaves script and bodies for `wrk` in a folder, of so many repositories.
  public static void prepare(Path folder, String secret, int repositories) throws IOException {
    prepare(folder, Webhooks.signed(secret, repositories));
  }

  /// Leaves script and bodies for `wrk` in a folder.
  static void prepare(Path folder, Webhooks webhooks) throws IOException {
    Files.write(folder.resolve(SCRIPT), Resource.read(WebhookLoad.class, SCRIPT));
    StringBuilder bodies = new StringBuilder("return {\n");
    for (Webhooks.Signed webhook : webhooks.bodies()) {
      bodies.append(
          "{signature=\"%s\",body=[==[%s]==]},\n".formatted(webhook.signature(), webhook.body()));
    }
    Files.writeString(folder.resolve("bodies.lua"), bodies.append("}\n"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    String printed =
        ChildProgram.run(
            new Command(
                List.of(
                    Tool.WRK.find().toString(),
                    "--threads",
                    "1",
                    "--connections",
                    Integer.toString(CONNECTIONS),
                    "--duration",
                    duration.toSeconds() + "s",
                    "--timeout",
                    "20s",
                    "--script",
                    SCRIPT,
                    url.toString()),
                folder,
                Map.of("WEBHOOK_EVENT", Webhooks.event())));
    Matcher result = RESULT.matcher(printed);
    if (!result.find()) {
      throw new IOException("wrk printed no result:\n" + printed);
    }
    return new Sample(
        Long.parseLong(result.group(1)) * 1e6 / Long.parseLong(result.group(2)),
        Long.parseLong(result.group(1)),
        micros(result.group(3)),
        micros(result.group(4)),
        Long.parseLong(result.group(5)));
  }

  private static Duration micros(String digits) {
    return Duration.ofNanos(Long.parseLong(digits) * 1_000);
  }
}
