package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/// What must be found nowhere, looked for everywhere: our own tokens and passwords, and secrets
/// that commands are given, once those have ended.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class CanaryIT {
  private static final String SECRET = "CANARY";

  /// The files that hold them, and nothing else does.
  private static final Set<String> HOLDERS =
      Set.of(
          "token",
          "webhook-secret",
          "e2b-api-key",
          "github-token",
          "database-password",
          "kafka-password",
          "registry-password",
          "jwt-keys.json",
          "kafka.properties",
          "registry/access.properties");

  /// Prints its secret, whole and in two pieces, and waits.
  private static final String TELL =
      """
      : canary-holder
      echo "$TOKEN"; printf %s "${TOKEN:0:9}"; sleep 0.3; echo "${TOKEN:9}"; env | grep -c canary
      echo begun
      while [ ! -e go ]; do sleep 0.1; done
      """;

  /// Looks for the texts that it reads, one a line and backwards, so that looking for them leaves
  /// none; prints where it found one.
  private static final String LOOK =
      """
      texts=$(rev)
      found() { grep -aqF -f <(echo "$texts"); }
      echo "${texts%%$'\\n'*}" | found && echo able
      for file in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do
        found < "$file" && echo "$file"
      done 2>/dev/null
      ps axeww | found && echo ps
      grep -raslF -D skip --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev -f <(echo "$texts") /
      echo looked
      """;

  @Test
  void ourTokensAndSecretsOfCommandsAreFoundNowhere(Slipway slipway) throws IOException {
    String secret = "canary-%016x".formatted(System.nanoTime());
    Path folder = Files.createDirectories(slipway.scratch("settings").resolve("tenants/default"));
    Files.writeString(folder.resolve(SECRET), secret + "\n");
    Sandboxes sandboxes = new Sandboxes(slipway.api());
    String id = sandboxes.create(Map.of("environment", Map.of("OPEN", "to all")));

    String telling =
        sandboxes.begin(
            id, Map.of("command", TELL, "environment", Map.of("TOKEN", "secret://file/" + SECRET)));
    sandboxes.awaitOutput(telling, "begun");
    assertThat(processes("environ", List.of(secret)))
        .isNotEmpty()
        .allMatch(commandLine ->
            commandLine.contains("canary-holder") || commandLine.startsWith("sleep"));
    assertThat(processes("cmdline", List.of(secret))).isEmpty();
    assertThat(sandboxes.put(id, "go", "").status()).isEqualTo(200);
    var _ = sandboxes.awaitEnd(telling);
    String hidden = "*".repeat(secret.length()) + "\n";
    assertThat(sandboxes.output(telling, "stdout")).isEqualTo(hidden + hidden + "1\nbegun\n");

    List<String> texts = tokens(slipway, sandboxes.get(id).path("external_id").asString());
    texts.add(secret);
    String backwards =
        texts.stream()
            .map(text -> new StringBuilder(text).reverse().toString())
            .collect(Collectors.joining("\n"));
    assertThat(sandboxes.run(id, Map.of("command", LOOK, "stdin", backwards)))
        .isEqualTo("able\nlooked\n");
    assertThat(sandboxes.end(id).status()).isEqualTo(202);

    assertThat(processes("cmdline", texts)).isEmpty();
    assertThat(slipway.mainProcess().printed()).doesNotContain(texts);
    assertThat(records(slipway, texts)).isEmpty();
    assertThat(files(slipway, texts)).isEmpty();
    assertThat(rows(slipway, texts)).isEmpty();
  }

  private static List<String> tokens(Slipway slipway, String externalId) {
    List<String> tokens = new ArrayList<>();
    for (String file : HOLDERS) {
      if (Files.exists(slipway.data().resolve(file)) && !file.contains(".")) {
        tokens.add(slipway.file(file));
      }
    }
    assertThat(tokens).hasSizeGreaterThan(5);
    JsonMapper.shared()
        .readTree(slipway.file("jwt-keys.json"))
        .findValuesAsString("d")
        .forEach(tokens::add);
    tokens.add(slipway.token(SharedInstallation.ACME, "sandboxes"));
    tokens.add(SharedInstallation.secretOf(SharedInstallation.ACME));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(slipway.endpoints().path("e2b").asString() + "/sandboxes/" + externalId))
            .header("X-API-KEY", slipway.file("e2b-api-key"))
            .build();
    tokens.add(Http.send(request).is(200).json().path("envdAccessToken").asString());
    assertThat(tokens).allMatch(token -> token.length() > 15);
    return tokens;
  }

  /// Command lines of processes of this machine that have one of the texts in a file of theirs.
  private static List<String> processes(String file, List<String> texts) throws IOException {
    List<String> found = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        try {
          if (contains(Files.readAllBytes(entry.resolve(file)), texts)) {
            found.add(Files.readString(entry.resolve("cmdline"), ISO_8859_1));
          }
        } catch (IOException _) {
          // it has just ended, or is of no interest to us
        }
      }
    }
    return found;
  }

  private static List<String> records(Slipway slipway, List<String> texts) {
    List<String> found = new ArrayList<>();
    for (String topic : slipway.log().topics()) {
      for (ConsumerRecord<byte[], byte[]> record : slipway.log().read(topic)) {
        Stream<byte[]> parts =
            Stream.concat(
                Stream.of(record.key(), record.value()),
                StreamSupport.stream(record.headers().spliterator(), false).map(Header::value));
        if (parts.anyMatch(part -> part != null && contains(part, texts))) {
          found.add(topic + " " + record.partition() + " " + record.offset());
        }
      }
    }
    return found;
  }

  private static List<String> files(Slipway slipway, List<String> texts) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(slipway.data())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean holds = HOLDERS.contains(slipway.data().relativize(file).toString());
        if (!holds && Files.exists(file) && contains(Files.readAllBytes(file), texts)) {
          found.add(file.toString());
        }
      }
    }
    return found;
  }

  private static List<String> rows(Slipway slipway, List<String> texts) {
    Sql sql = Sql.of(slipway);
    String wanted =
        texts.stream()
            .flatMap(text -> Stream.of(text, HexFormat.of().formatHex(text.getBytes(UTF_8))))
            .collect(Collectors.joining("', '", "'", "'"));
    List<String> found = new ArrayList<>();
    for (String table :
        sql.strings(
            """
            select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
            """)) {
      sql.strings(
              "select t::text from %s t, unnest(array[%s]) wanted where strpos(t::text, wanted) > 0"
                  .formatted(table, wanted))
          .forEach(row -> found.add(table + " " + row));
    }
    return found;
  }

  private static boolean contains(byte[] bytes, List<String> texts) {
    String all = new String(bytes, ISO_8859_1);
    return texts.stream().anyMatch(all::contains);
  }
}
