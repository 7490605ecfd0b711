package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.slipway.ingress.delivery.ReceivedRecords.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScopeIT {
  private TestIngress ingress;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("alpha"), "alpha's own\n");
    Files.writeString(folder.resolve("beta"), "beta's own");
    Path tenants = folder.resolve("tenants.json");
    Files.writeString(
        tenants,
        """
        {"alpha": {"owners": ["Alpha"], "installations": [1],
                   "webhook_secrets": ["secret://file/alpha"]},
         "beta": {"owners": ["beta"], "webhook_secrets": ["secret://file/beta"]}}
        """);
    Path meta = folder.resolve("meta.json");
    Files.writeString(meta, "{\"hooks\":[\"192.30.252.0/22\",\"127.0.0.0/8\"]}");
    ingress =
        TestIngress.start(
            "--slipway.tenants.file=" + tenants,
            "--slipway.secrets.directory=" + folder,
            "--slipway.webhook.bad-signatures-per-minute=20",
            "--slipway.webhook.trusted-proxy-hops=1",
            "--slipway.webhook.allowed-addresses=" + meta.toUri());
  }

  @AfterAll
  void stop() {
    ingress.close();
  }

  @Test
  void theTenantIsStampedByOwnerOrSecret() {
    assertThat(tenant(about("ALPHA").signedWith(TestIngress.SECRET))).isEqualTo("alpha");
    assertThat(tenant(about("nobody").signedWith(TestIngress.SECRET))).isEqualTo("default");
    assertThat(tenant(about("alpha").signedWith("alpha's own"))).isEqualTo("alpha");
    assertThat(tenant(Post.json("{}").signedWith("beta's own"))).isEqualTo("beta");
  }

  @Test
  void tenantsThatShareAGuidAreToldTheSameIdAndHaveRecordsApart() {
    String guid = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

    for (String owner : List.of("beta", "alpha", "nobody")) {
      assertThat(from(about(owner).with("X-GitHub-Delivery", guid)).to(ingress.url).deliveryId())
          .isEqualTo(guid);
    }

    assertThat(ingress.records().of(guid))
        .extracting(
            record -> record.value().getContext().getTenant(),
            record -> record.envelope().id().toString())
        .containsExactly(
            tuple("beta", "f083613d-edab-5bd6-86fc-e87369b13abb"),
            tuple("alpha", "06681476-b440-5843-a1d2-2e83c4d34114"),
            tuple("default", guid));
  }

  @Test
  void aBodyAboutSomebodyElsesOwnerIsRefused() {
    assertThat(from(about("beta").signedWith("alpha's own")).to(ingress.url).problem())
        .isEqualTo("401 invalid_signature");
    assertThat(from(about("nobody").signedWith("alpha's own")).to(ingress.url).problem())
        .isEqualTo("401 invalid_signature");
  }

  @Test
  void duringARotationOldAndNewSecretAreValid() {
    assertThat(from(Post.json("{}").signedWith(TestIngress.OLD_SECRET)).to(ingress.url).status())
        .isEqualTo(202);
    assertThat(from(Post.json("{}").signedWith(TestIngress.SECRET)).to(ingress.url).status())
        .isEqualTo(202);
  }

  @Test
  void anAddressThatIsOnNoListIsRefused() {
    Post post = Post.json("{}").with("X-Forwarded-For", "203.0.113.7");

    assertThat(post.to(ingress.url).problem()).isEqualTo("403 forbidden");
  }

  @Test
  void manyBadSignaturesAre429AndAValidOneNever() {
    String source = "192.30.253.9";
    for (int i = 0; i < 20; i++) {
      assertThat(forged(source)).isEqualTo("401 invalid_signature");
    }

    assertThat(forged(source)).isEqualTo("429 rate_limited");
    assertThat(Post.json("{}").with("X-Forwarded-For", source).to(ingress.url).status())
        .isEqualTo(202);
    assertThat(forged("192.30.253.10")).isEqualTo("401 invalid_signature");
  }

  private String forged(String source) {
    return Post.json("{}")
        .signedWith("forged")
        .with("X-Forwarded-For", source)
        .to(ingress.url)
        .problem();
  }

  private String tenant(Post post) {
    Post.Answer answer = from(post).to(ingress.url);
    assertThat(answer.status()).isEqualTo(202);
    Received received = ingress.records().of(answer.deliveryId()).getFirst();
    return received.value().getContext().getTenant();
  }

  private static Post about(String owner) {
    return Post.json("{\"repository\":{\"id\":1,\"owner\":{\"login\":\"" + owner + "\"}}}");
  }

  private static Post from(Post post) {
    return post.with("X-Forwarded-For", "127.0.0.1");
  }
}
