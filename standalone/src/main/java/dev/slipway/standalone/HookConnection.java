package dev.slipway.standalone;

import dev.slipway.pr.github.HookDelivery;
import dev.slipway.pr.github.HookSettings;
import dev.slipway.pr.github.RemoteHook;
import dev.slipway.pr.github.RepositoryHooks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Brings the webhook of a repository to what it is to be, and has GitHub call it.
///
/// GitHub does not tell a secret: whether it is the right one shows when a ping is refused. Then it
/// is set, and the ping repeated.
record HookConnection(RepositoryHooks hooks, HookSettings wanted, Progress progress) {
  static final String CREATED = "created";
  static final String UPDATED = "updated";
  static final String UNCHANGED = "unchanged";

  private static final int UNAUTHORIZED = 401;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final int LOOKS = 60;

  /// What was done.
  ///
  /// @param hookId null for one that would be made
  /// @param action [#CREATED], [#UPDATED] or [#UNCHANGED]
  /// @param changed what was not as it is to be
  record Connected(@Nullable Long hookId, String action, List<String> changed) {
    Connected {
      changed = List.copyOf(changed);
    }
  }

  /// A ping, as GitHub's log has it.
  ///
  /// @param of the webhook, with what the ping showed to be wrong with it
  record Ping(Connected of, String guid, int statusCode, String status) {
    boolean isTaken() {
      return statusCode >= 200 && statusCode < 300;
    }

    String text() {
      return statusCode == 0 ? status : Integer.toString(statusCode);
    }

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("guid", guid);
      json.put("status_code", statusCode);
      json.put("status", status);
      return json;
    }

    /// Why it did not arrive, and what helps.
    String remedy(URI url) {
      return switch (statusCode) {
        case 0 ->
            "GitHub does not reach %s (%s): is it open to GitHub, and its certificate valid?"
                .formatted(url, status);
        case UNAUTHORIZED ->
            url + " does not know the secret: start Slipway with the one that was given here";
        case 404 -> url + " is not there: Slipway's path is /webhooks/github";
        case 400 -> url + " refuses the host: name it in SLIPWAY_WEB_HOSTS";
        default -> "%s answers GitHub with %d".formatted(url, statusCode);
      };
    }
  }

  /// Makes it, or changes what is not as it is to be.
  ///
  /// @param hook the one to be repaired; null for that with the URL
  /// @param dryRun whether nothing is to be changed
  Connected connect(@Nullable Long hook, boolean dryRun) {
    Optional<RemoteHook> found =
        hooks.list().stream()
            .filter(each -> hook == null ? each.url().equals(wanted.url()) : each.id() == hook)
            .findFirst();
    if (found.isEmpty()) {
      if (hook != null) {
        throw new CommandFailedException(ExitCode.FAILED, "the repository has no webhook " + hook);
      }
      Long made = dryRun ? null : hooks.create(wanted).id();
      return new Connected(made, CREATED, List.of());
    }
    List<String> wrong = differences(found.get());
    if (!wrong.isEmpty() && !dryRun) {
      RemoteHook _ = hooks.update(found.get().id(), wanted);
    }
    return new Connected(found.get().id(), wrong.isEmpty() ? UNCHANGED : UPDATED, wrong);
  }

  private List<String> differences(RemoteHook hook) {
    List<String> wrong = new ArrayList<>();
    if (!hook.url().equals(wanted.url())) {
      wrong.add("url");
    }
    if (!hook.contentType().equals("json")) {
      wrong.add("content_type");
    }
    if (hook.insecure()) {
      wrong.add("insecure_ssl");
    }
    if (!hook.hasSecret()) {
      wrong.add("secret");
    }
    if (!hook.active()) {
      wrong.add("active");
    }
    if (!Set.copyOf(hook.events()).equals(Set.copyOf(wanted.events()))) {
      wrong.add("events");
    }
    return wrong;
  }

  /// Has GitHub call it, and waits until its log says what came of that.
  Ping ping(Connected connected) throws InterruptedException {
    Ping first = pingOnce(connected);
    if (first.statusCode() != UNAUTHORIZED || !connected.action().equals(UNCHANGED)) {
      return first;
    }
    progress.say("the secret is another one: it is set");
    long id = id(connected);
    RemoteHook _ = hooks.update(id, wanted);
    return pingOnce(new Connected(id, UPDATED, List.of("secret")));
  }

  private Ping pingOnce(Connected connected) throws InterruptedException {
    long id = id(connected);
    Set<Long> before =
        hooks.deliveries(id).stream().map(HookDelivery::id).collect(Collectors.toSet());
    hooks.ping(id);
    progress.say("waiting for a ping");
    HookDelivery found =
        await(() ->
                hooks.deliveries(id).stream()
                    .filter(each -> each.event().equals("ping") && !before.contains(each.id()))
                    .filter(HookConnection::isOver)
                    .findFirst())
            .orElseThrow(() ->
                new CommandFailedException(
                    ExitCode.TIMED_OUT, "GitHub's log has no ping of webhook " + id + " yet"));
    return new Ping(connected, found.guid(), found.statusCode(), found.status());
  }

  private static boolean isOver(HookDelivery delivery) {
    return delivery.statusCode() != 0
        || !(delivery.status().isEmpty() || delivery.status().equalsIgnoreCase("pending"));
  }

  private static long id(Connected connected) {
    if (connected.hookId() == null) {
      throw new IllegalStateException("there is no webhook yet");
    }
    return connected.hookId();
  }

  /// Something that may take a while to be there.
  @FunctionalInterface
  interface Look<T> {
    Optional<T> look() throws InterruptedException;
  }

  /// Looks until it is there, or half a minute is over.
  static <T> Optional<T> await(Look<T> look) throws InterruptedException {
    for (int looks = 0; looks < LOOKS; looks++) {
      Optional<T> found = look.look();
      if (found.isPresent()) {
        return found;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return Optional.empty();
  }
}
