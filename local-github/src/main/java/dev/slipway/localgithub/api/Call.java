package dev.slipway.localgithub.api;

import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request to the REST API and its answer.
///
/// @param caller who asks
/// @param urls where things are
/// @param limit that the request counted for
public record Call(Exchange exchange, Caller caller, Urls urls, RateLimit limit) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PAGE = 30;
  private static final int LARGEST_PAGE = 100;

  public String parameter(String name) {
    return exchange.parameter(name);
  }

  /// A number in the path; what is none is not there.
  public long number(String name) {
    String text = parameter(name);
    if (!text.matches("\\d{1,18}")) {
      throw Refusals.notFound();
    }
    return Long.parseLong(text);
  }

  public Optional<String> query(String name) {
    return exchange.query(name).filter(value -> !value.isEmpty());
  }

  public Body body() throws IOException {
    return Body.of(exchange);
  }

  /// Answers; who has the same already is told so instead.
  public void answer(int status, JsonNode json) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(json);
    if (exchange.method().equals("GET") && status == 200) {
      String tag = tag(bytes);
      exchange
          .set("ETag", tag)
          .set("Cache-Control", "private, max-age=60, s-maxage=60")
          .set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP");
      if (isKnown(tag)) {
        limit.giveBack(caller, exchange);
        exchange.answer(304);
        return;
      }
    }
    exchange.answerBytes(status, "application/json; charset=utf-8", bytes);
  }

  public void noContent() throws IOException {
    exchange.answer(204);
  }

  private boolean isKnown(String tag) {
    String strong = tag.substring(2);
    for (String known : exchange.header("If-None-Match").orElse("").split(",", -1)) {
      String value = known.strip();
      if (value.equals("*") || value.equals(tag) || value.equals(strong)) {
        return true;
      }
    }
    return false;
  }

  private String tag(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part :
          List.of(
              caller.account().login(),
              exchange.header("Accept").orElse(""),
              exchange.header("Authorization").orElse(""))) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return "W/\"" + HexFormat.of().formatHex(digest.digest(bytes)) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256", e);
    }
  }

  /// Answers with the page that is asked for.
  public <T> void page(List<T> all, Function<? super T, ? extends JsonNode> writer)
      throws IOException {
    answer(200, Json.array(pageOf(all), writer));
  }

  /// The items of the page that is asked for; its neighbours are linked to.
  public <T> List<T> pageOf(List<T> all) {
    int size = Math.min(LARGEST_PAGE, positive("per_page", PAGE));
    int page = positive("page", 1);
    int last = Math.max(1, (all.size() + size - 1) / size);
    List<String> links = new ArrayList<>();
    if (page > 1) {
      links.add(link(Math.min(page - 1, last), "prev"));
    }
    if (page < last) {
      links.add(link(page + 1, "next"));
      links.add(link(last, "last"));
    }
    if (page > 1) {
      links.add(link(1, "first"));
    }
    if (!links.isEmpty()) {
      exchange.set("Link", String.join(", ", links));
    }
    long from = Math.min(all.size(), (page - 1L) * size);
    return all.subList((int) from, (int) Math.min(all.size(), from + size));
  }

  private int positive(String name, int absent) {
    return query(name)
        .filter(value -> value.matches("0*[1-9]\\d{0,8}"))
        .map(Integer::parseInt)
        .orElse(absent);
  }

  private String link(int page, String relation) {
    List<String> query = new ArrayList<>();
    for (String pair : exchange.queryString().orElse("").split("&", -1)) {
      if (!pair.isEmpty() && !pair.startsWith("page=")) {
        query.add(pair);
      }
    }
    query.add("page=" + page);
    return "<%s?%s>; rel=\"%s\""
        .formatted(urls.html(exchange.path()), String.join("&", query), relation);
  }

  /// Tells the client to ask elsewhere, and to stay there.
  ///
  /// @param path of the API
  public RefusedException moved(String path) {
    boolean read = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    String url = urls.api(path) + exchange.queryString().map(query -> "?" + query).orElse("");
    return new RefusedException(read ? 301 : 307, read ? "Moved Permanently" : "Temporary Redirect")
        .with("Location", url)
        .saying("url", url);
  }
}
