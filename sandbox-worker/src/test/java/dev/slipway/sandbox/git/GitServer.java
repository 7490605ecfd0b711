package dev.slipway.sandbox.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A git host of the test's own: repositories over smart HTTP, private ones behind a token.
final class GitServer implements AutoCloseable {
  static final String TOKEN = "ghs_canary0123456789abcdefghijklmnopqrstuv";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path root;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final AtomicInteger fetches = new AtomicInteger();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile @Nullable String redirect;
  private volatile @Nullable String objectsAt;
  private volatile Runnable beforePush = () -> {};

  GitServer(Path root) {
    this.root = root;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    var _ = server.createContext("/", this::handle);
    server.start();
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String url(String repository) {
    return "http://" + host() + "/" + repository;
  }

  /// How often objects were asked for.
  int fetches() {
    return fetches.get();
  }

  /// Whoever asks for this repository is answered so.
  void answer(String repository, int status) {
    answers.put(repository, status);
  }

  /// An object that LFS keeps; anybody may have it who knows where it is.
  ///
  /// @return its pointer
  String keep(byte[] content) {
    String oid = sha256(content);
    objects.put(oid, content);
    return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
        .formatted(oid, content.length);
  }

  /// Says that objects are elsewhere.
  void keepAt(String address) {
    objectsAt = address;
  }

  /// What came with requests for objects: no credential of the repository's.
  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void batch(HttpExchange exchange) throws IOException {
    String at = objectsAt == null ? "http://" + host() : objectsAt;
    String known =
        JSON.readTree(exchange.getRequestBody().readAllBytes())
            .path("objects")
            .valueStream()
            .map(one -> one.path("oid").asString())
            .filter(objects::containsKey)
            .map(oid ->
                "{\"oid\": \"%s\", \"actions\": {\"download\": {\"href\": \"%s/objects/%s\"}}}"
                    .formatted(oid, at, oid))
            .collect(Collectors.joining(","));
    byte[] answer = "{\"objects\": [%s]}".formatted(known).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
  }

  private void object(HttpExchange exchange, String oid) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      authorizations.add(authorization);
    }
    byte[] content = objects.getOrDefault(oid, new byte[0]);
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
  }

  /// What happens right before somebody is told what he pushes to.
  void beforePush(Runnable meanwhile) {
    beforePush = meanwhile;
  }

  void works(String repository) {
    answers.remove(repository);
  }

  void redirect(String to) {
    redirect = to;
  }

  /// A bare repository with what a folder holds as its first commit.
  ///
  /// @return that commit
  String create(String repository, Path content) {
    Path bare = bare(repository);
    git(root, "init", "-q", "--bare", "-b", "main", bare.toString());
    git(bare, "config", "http.receivepack", "true");
    git(content, "init", "-q", "-b", "main");
    git(content, "add", "-A", "-f");
    git(content, "commit", "-q", "--allow-empty", "-m", "first");
    git(content, "push", "-q", bare.toString(), "main");
    return git(content, "rev-parse", "HEAD");
  }

  /// One more commit on a branch.
  String commit(String repository, String branch, String parent) {
    Path bare = bare(repository);
    String tree = git(bare, "rev-parse", parent + "^{tree}");
    String commit = git(bare, "commit-tree", tree, "-p", parent, "-m", "of somebody else");
    git(bare, "update-ref", "refs/heads/" + branch, commit);
    return commit;
  }

  /// As GitHub refuses a branch that is protected.
  void refuse(String repository, String text) {
    Path hook = bare(repository).resolve("hooks/update");
    try {
      Files.createDirectories(hook.getParent());
      Files.writeString(
          hook, "#!/bin/sh\necho '" + text + "' >&2\nexit 1\n", StandardCharsets.UTF_8);
      Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path bare(String repository) {
    return root.resolve(repository + ".git");
  }

  static String git(Path directory, String... arguments) {
    var command =
        new ArrayList<>(List.of("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", arguments) + ": " + said);
      }
      return said.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String repository = path.substring(1).replaceFirst("\\.git/.*", "");
      Integer status = answers.get(repository);
      String to = redirect;
      if (path.startsWith("/objects/")) {
        object(exchange, path.substring("/objects/".length()));
      } else if (to != null) {
        exchange.getResponseHeaders().set("Location", to + path);
        exchange.sendResponseHeaders(301, -1);
      } else if (status != null) {
        exchange.sendResponseHeaders(status, -1);
      } else if (isPrivate(repository) && !hasToken(exchange)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"GitHub\"");
        exchange.sendResponseHeaders(401, -1);
      } else {
        if (path.endsWith("/info/lfs/objects/batch")) {
          batch(exchange);
          return;
        }
        if ("service=git-receive-pack".equals(exchange.getRequestURI().getQuery())) {
          beforePush.run();
        }
        if (path.endsWith("/git-upload-pack")) {
          fetches.incrementAndGet();
        }
        serve(exchange);
      }
    }
  }

  private static boolean isPrivate(String repository) {
    return !repository.startsWith("open/");
  }

  private static boolean hasToken(HttpExchange exchange) {
    String wanted =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(("x-access-token:" + TOKEN).getBytes(StandardCharsets.ISO_8859_1));
    return wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  /// As CGI has it.
  private void serve(HttpExchange exchange) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = builder.environment();
    environment.put("GIT_PROJECT_ROOT", root.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("REMOTE_USER", "test");
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put("PATH_INFO", exchange.getRequestURI().getPath());
    environment.put("QUERY_STRING", orEmpty(exchange.getRequestURI().getQuery()));
    environment.put("CONTENT_TYPE", orEmpty(exchange.getRequestHeaders().getFirst("Content-Type")));
    environment.put(
        "HTTP_CONTENT_ENCODING",
        orEmpty(exchange.getRequestHeaders().getFirst("Content-Encoding")));
    environment.put("GIT_PROTOCOL", orEmpty(exchange.getRequestHeaders().getFirst("Git-Protocol")));
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (OutputStream in = process.getOutputStream()) {
      var _ = exchange.getRequestBody().transferTo(in);
    }
    try (InputStream out = process.getInputStream()) {
      int status = 200;
      String line = line(out);
      while (!line.isEmpty()) {
        int colon = line.indexOf(':');
        String value = line.substring(colon + 1).strip();
        if (line.startsWith("Status:")) {
          status = Integer.parseInt(value.substring(0, 3));
        } else {
          exchange.getResponseHeaders().set(line.substring(0, colon), value);
        }
        line = line(out);
      }
      exchange.sendResponseHeaders(status, 0);
      var _ = out.transferTo(exchange.getResponseBody());
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = in.read();
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
