package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.provider.SandboxDetail;
import dev.slipway.sandbox.provider.SandboxMetrics;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.provider.SandboxSession;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpMethod;

/// Sandboxes of E2B. What its answers come to stands in [ControlFailures] and [EnvdFailures], what
/// no answer comes to in [Wire], and what is repeated in [Attempts].
///
/// Source: E2B API (control plane as its SDK 2.51.0 uses it, the older routes where those are
/// missing) and envd 0.6; envd before 0.5.7 takes no files.
final class E2bSandboxes implements SandboxProvider, AutoCloseable {
  private static final int PAGE = 100;
  private static final int MOST_PAGES = 200;
  private static final String NEXT_PAGE = "X-Next-Token";
  // Measured every few seconds.
  private static final Duration RECENT = Duration.ofMinutes(5);

  private final Clock clock;
  private final ControlPlane control;
  private final Envd envd;
  private final Routes makingRoutes = new Routes();
  private final Routes listingRoutes = new Routes();
  private final CountDownLatch closing;

  private E2bSandboxes(E2bProperties properties, Clock clock, Pause pause, CountDownLatch closing) {
    var attempts = new Attempts(properties, pause);
    this.clock = clock;
    this.closing = closing;
    this.control =
        new ControlPlane(
            properties,
            new Wire(
                "E2B",
                properties.apiUrl(),
                properties.connectTimeout(),
                (int) properties.answerSize().toBytes()),
            Target.controlPlane(properties, clock),
            attempts);
    this.envd = new Envd(properties, Target.sandboxes(properties, clock), attempts, this::find);
  }

  /// @param clock by which the circuit breaker's pauses end
  static E2bSandboxes open(E2bProperties properties, Clock clock) {
    var closing = new CountDownLatch(1);
    return new E2bSandboxes(
        properties,
        clock,
        duration -> !closing.await(duration.toNanos(), TimeUnit.NANOSECONDS),
        closing);
  }

  /// With pauses that pass as the test says.
  static E2bSandboxes open(E2bProperties properties, Clock clock, Pause pause) {
    return new E2bSandboxes(properties, clock, pause, new CountDownLatch(1));
  }

  @Override
  public String name() {
    return "e2b";
  }

  @Override
  public ProviderSandbox create(CreateRequest request) {
    String what = "create a sandbox of template " + request.template();
    Call newer =
        control.call(
            what, HttpMethod.POST, "/v2/sandboxes", ControlJson.create(request, false), false);
    Call older =
        control.call(what, HttpMethod.POST, "/sandboxes", ControlJson.create(request, true), false);
    Answer answer = makingRoutes.ask(newer, older, call -> control.send(call, Routes::isMissing));
    return control.read(newer, answer, ControlJson::sandbox);
  }

  @Override
  public List<ListedSandbox> list(Map<String, String> metadata) {
    String filter = metadata.isEmpty() ? "" : "metadata=" + MetadataFilter.encode(metadata) + "&";
    List<ListedSandbox> all = new ArrayList<>();
    Optional<String> next = Optional.empty();
    for (int page = 0; page < MOST_PAGES; page++) {
      Call newer =
          control.call(
              "list sandboxes",
              HttpMethod.GET,
              "/v2/sandboxes?"
                  + filter
                  + "state=running%2Cpaused&limit="
                  + PAGE
                  + next.map(token -> "&nextToken=" + MetadataFilter.once(token)).orElse(""),
              null,
              true);
      Call older =
          control.call("list sandboxes", HttpMethod.GET, "/sandboxes?" + filter, null, true);
      Answer answer =
          listingRoutes.ask(newer, older, call -> control.send(call, Routes::isMissing));
      all.addAll(control.read(newer, answer, ControlJson::list));
      next =
          Optional.ofNullable(answer.headers().getFirst(NEXT_PAGE))
              .filter(token -> !token.isEmpty());
      if (next.isEmpty()) {
        return List.copyOf(all);
      }
    }
    throw new ProviderRefusedException(
        FailureCode.TOO_LARGE,
        "cannot list sandboxes: more than %d: filter by a tag".formatted(PAGE * MOST_PAGES),
        false,
        null);
  }

  @Override
  public Optional<SandboxDetail> find(ExternalId id) {
    Call call = control.call("find sandbox " + id, HttpMethod.GET, path(id, ""), null, true);
    Answer answer = control.send(call, E2bSandboxes::isGone);
    return isGone(answer)
        ? Optional.empty()
        : Optional.of(control.read(call, answer, ControlJson::detail));
  }

  @Override
  public boolean kill(ExternalId id) {
    Call call = control.call("kill sandbox " + id, HttpMethod.DELETE, path(id, ""), null, true);
    return !isGone(control.send(call, E2bSandboxes::isGone));
  }

  @Override
  public void extend(ExternalId id, Duration lifetime) {
    Call call =
        control.call(
            "extend sandbox " + id,
            HttpMethod.POST,
            path(id, "/timeout"),
            ControlJson.timeout(lifetime),
            true);
    var _ = control.send(call, _ -> false);
  }

  @Override
  public boolean pause(ExternalId id) {
    Call call =
        control.call(
            "pause sandbox " + id,
            HttpMethod.POST,
            path(id, "/pause"),
            E2bJson.bytes(E2bJson.object()),
            true);
    return control.send(call, answer -> answer.status() == 409).isSuccess();
  }

  @Override
  public ProviderSandbox resume(ExternalId id, Duration lifetime) {
    String what = "resume sandbox " + id;
    byte[] body = ControlJson.timeout(lifetime);
    Call newer = control.call(what, HttpMethod.POST, "/v2" + path(id, "/connect"), body, true);
    Call older = control.call(what, HttpMethod.POST, path(id, "/connect"), body, true);
    Answer answer = makingRoutes.ask(newer, older, call -> control.send(call, Routes::isMissing));
    return control.read(newer, answer, ControlJson::sandbox);
  }

  @Override
  public void network(ExternalId id, NetworkAccess access) {
    Call call =
        control.call(
            "set the network of sandbox " + id,
            HttpMethod.PUT,
            path(id, "/network"),
            ControlJson.network(access),
            true);
    var _ = control.send(call, _ -> false);
  }

  @Override
  public Optional<SandboxMetrics> metrics(ExternalId id) {
    long now = clock.instant().getEpochSecond();
    Call call =
        control.call(
            "measure sandbox " + id,
            HttpMethod.GET,
            path(id, "/metrics?start=%d&end=%d".formatted(now - RECENT.toSeconds(), now)),
            null,
            true);
    return control.read(call, control.send(call, _ -> false), ControlJson::metrics);
  }

  @Override
  public SandboxSession open(ProviderSandbox sandbox) {
    return envd.session(sandbox);
  }

  /// Ends waiting calls and open streams.
  @Override
  public void close() {
    closing.countDown();
    control.close();
    envd.close();
  }

  private static boolean isGone(Answer answer) {
    return answer.status() == 404 && Complaint.of(answer).says(404);
  }

  private static String path(ExternalId id, String rest) {
    return "/sandboxes/" + id.value() + rest;
  }
}
