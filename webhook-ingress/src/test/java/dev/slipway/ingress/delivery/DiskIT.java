package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskIT {
  @Test
  void onADiskThatIsNearlyFullNothingIsTakenUntilThereIsRoom(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path data = folder.resolve("data"); // where there is nothing, nothing is free
    try (TestIngress ingress =
        TestIngress.start("--slipway.disk.directory=" + data, "--slipway.disk.floor=1MB")) {
      Post.Answer refused = Post.json("{}").to(ingress.url);
      assertThat(refused.problem()).isEqualTo("503 unavailable");
      assertThat(refused.json().path("detail").asString("")).contains("disk");
      assertThat(refused.response().headers().firstValue("Retry-After")).contains("5");
      // what is wrong with the request itself is said all the same
      assertThat(Post.json("{}").with("Content-Type", null).to(ingress.url).problem())
          .isEqualTo("415 unsupported_media_type");
      HttpResponse<String> ready = readiness(ingress);
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body())
          .contains("\"disk\":\"DOWN\"", "\"kafka\":\"UP\"", "\"details\":{\"disk\":\"")
          .contains(data.toString());

      Files.createDirectory(data);

      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> Post.json("{}").to(ingress.url).status() == 202);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> readiness(ingress).statusCode() == 200);
    }
  }

  private static HttpResponse<String> readiness(TestIngress ingress)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(ingress.url.resolve("/readyz")).build();
    return Post.HTTP.send(request, BodyHandlers.ofString());
  }
}
