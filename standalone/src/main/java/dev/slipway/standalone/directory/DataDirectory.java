package dev.slipway.standalone.directory;

import dev.slipway.pipeline.kafka.KafkaPropertiesFile;
import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.pipeline.security.SecretFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The folder that holds all state of an installation, open to its owner alone.
///
/// | Entry | What |
/// |---|---|
/// | `endpoints.json` | where the parts listen, see [Endpoints] |
/// | `webhook-secret`, `database-password`, `kafka-password`, `registry-password`, `e2b-api-key`, `github-token`, `jwt-keys.json` | secrets, made once |
/// | `token` | what opens everything, made anew when the keys change |
/// | `kafka.properties` | what any Kafka client needs to be let in |
/// | `kafka`, `postgres`, `registry` | data of the embedded servers |
/// | `sandboxes`, `templates` | files of the local sandboxes; what they begin with, see module `local-e2b` |
/// | `github` | repositories and all that the local GitHub knows |
/// | `logs` | what the processes log |
/// | `lock`, `locks` | who is using it |
public final class DataDirectory {
  /// Name of the file of the signing keys.
  public static final String JWT_KEYS = "jwt-keys.json";

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// What is made private at each start, whoever put it there.
  private static final List<String> SECRETS =
      List.of(
          "token",
          "webhook-secret",
          "database-password",
          "kafka-password",
          "registry-password",
          "e2b-api-key",
          "github-token",
          JWT_KEYS,
          "kafka.properties");

  private static final String KAFKA_PROPERTIES = "kafka.properties";
  private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  private static final Object IN_THIS_PROCESS = new Object();
  private static final int SECRET_BYTES = 32;
  private static final int E2B_KEY_DIGITS = 40;
  private static final int GITHUB_TOKEN_DIGITS = 36;
  private static final int ID_CHARS = 12;

  private final Path root;

  private DataDirectory(Path root) {
    this.root = root;
  }

  /// Opens the directory, making it when it is not there.
  public static DataDirectory open(Path path) {
    try {
      Files.createDirectories(path);
      Path root = path.toRealPath();
      Files.setPosixFilePermissions(root, FOLDER);
      for (String folder : new String[] {"locks", "logs"}) {
        Files.createDirectories(root.resolve(folder), PosixFilePermissions.asFileAttribute(FOLDER));
      }
      SECRETS.forEach(secret -> SecretFiles.makePrivate(root.resolve(secret)));
      return new DataDirectory(root);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use data directory " + path, e);
    }
  }

  public Path root() {
    return root;
  }

  /// Folder of an embedded server.
  public Path folder(String name) {
    return root.resolve(name);
  }

  public Path log(String name) {
    return root.resolve("logs").resolve(name + ".log");
  }

  /// Claims the servers' data for this process.
  ///
  /// @param command what claims it, such as `up`
  /// @throws TakenException when a living process has it
  public HeldLock claim(String command) {
    Path file = root.resolve("lock");
    HeldLock lock =
        HeldLock.tryTake(file)
            .orElseThrow(() ->
                new TakenException(
                    "data directory "
                        + root
                        + " is in use by "
                        + holder().map(Holder::toString).orElse("another process")
                        + ": stop it, or choose another with --data-dir"));
    lock.note(command + " " + ProcessHandle.current().pid());
    return lock;
  }

  /// The living process that has claimed the servers' data.
  public Optional<Holder> holder() {
    try {
      return Holder.parse(Files.readString(root.resolve("lock"))).filter(Holder::isAlive);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// The lock of a name that is not the claim.
  Path lockFile(String name) {
    return root.resolve("locks").resolve(name);
  }

  /// Runs an action that only one thread of one process at a time may run.
  <T> T exclusively(Supplier<T> action) {
    // The operating system keeps processes apart, not threads: Java refuses the second one a lock.
    synchronized (IN_THIS_PROCESS) {
      try (HeldLock _ = HeldLock.take(lockFile("files"))) {
        return action.get();
      }
    }
  }

  /// Tells this directory from all others.
  String id() {
    return secret("locks/id", () -> random().substring(0, ID_CHARS));
  }

  /// Password of the database login.
  public String databasePassword() {
    return secret("database-password", DataDirectory::random);
  }

  /// Password of the broker and of its controller.
  public String kafkaPassword() {
    return password("kafka-password", DataDirectory::random);
  }

  /// Password of the schema registry.
  public String registryPassword() {
    return password("registry-password", DataDirectory::random);
  }

  /// Key of the local E2B server.
  public String e2bApiKey() {
    String key = secret("e2b-api-key", () -> "e2b_" + random().substring(0, E2B_KEY_DIGITS));
    if (!key.matches("e2b_[0-9a-f]{40}")) {
      throw new InvalidSettingException(
          "%s holds something else than `e2b_` and 40 hex digits: delete it, and the next start"
                  .formatted(root.resolve("e2b-api-key"))
              + " makes a new one");
    }
    return key;
  }

  /// Token of the local GitHub.
  public String githubToken() {
    return password("github-token", () -> "ghp_" + random().substring(0, GITHUB_TOKEN_DIGITS));
  }

  /// A password that also stands in files and URLs, where other characters mean something.
  private String password(String name, Supplier<String> maker) {
    String password = secret(name, maker);
    if (!password.matches("[A-Za-z0-9._-]+")) {
      throw new InvalidSettingException(
          "%s holds something else than letters, digits, `.`, `_` and `-`: delete it, and the next"
                  .formatted(root.resolve(name))
              + " start makes a new one");
    }
    return password;
  }

  /// Leaves what a Kafka client of any kind needs to reach the installation's own broker.
  ///
  /// @param client how to log in
  public void leaveKafkaProperties(String bootstrapServers, Map<String, String> client) {
    var _ =
        exclusively(() -> {
          StringBuilder lines = new StringBuilder(BOOTSTRAP_SERVERS + "=" + bootstrapServers);
          client.forEach(
              (name, value) -> lines.append('\n').append(name).append('=').append(value));
          write(KAFKA_PROPERTIES, lines.append('\n').toString());
          return true;
        });
  }

  /// How to log in to this broker if it is the one of a directory, which need not exist; else
  /// nothing.
  public static Map<String, String> kafkaClient(Path root, String bootstrapServers) {
    Path file = root.resolve(KAFKA_PROPERTIES);
    if (!Files.exists(file)) {
      return Map.of();
    }
    SecretFiles.makePrivate(file);
    Map<String, String> settings = KafkaPropertiesFile.read(file);
    return bootstrapServers.equals(settings.get(BOOTSTRAP_SERVERS)) ? settings : Map.of();
  }

  /// Secret that signs webhooks.
  public String webhookSecret() {
    return secret("webhook-secret", DataDirectory::random);
  }

  /// The secret of a name, made when it is not there. However many processes ask at once, all get
  /// the same.
  public String secret(String name, Supplier<String> maker) {
    return exclusively(() -> {
      Path file = root.resolve(name);
      if (!Files.exists(file)) {
        write(name, maker.get());
      }
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /// A secret that follows something else: what is there is kept or replaced as the renewal says,
  /// by one process at a time.
  public String renewed(String name, Renewal renewal) {
    return exclusively(() -> {
      String present = present(name);
      String right = renewal.of(present == null ? null : present.strip());
      if (!right.equals(present)) {
        write(name, right);
      }
      return right;
    });
  }

  /// Says what a secret should be.
  @FunctionalInterface
  public interface Renewal {
    /// What is right.
    ///
    /// @param present what is there, whatever it is; null when nothing is
    String of(@Nullable String present);
  }

  private @Nullable String present(String name) {
    try {
      // as bytes: it may be anything
      return new String(Files.readAllBytes(root.resolve(name)), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException _) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// File of the signing keys.
  ///
  /// @param maker makes the file when it is not there, or does nothing
  public Path jwtKeys(MakesFile maker) {
    return exclusively(() -> {
      Path file = root.resolve(JWT_KEYS);
      maker.makeUnlessThere(file);
      return file;
    });
  }

  /// Makes a file unless it is there already.
  @FunctionalInterface
  public interface MakesFile {
    void makeUnlessThere(Path file);
  }

  /// Replaces a file in one step, so that a reader sees the old content or the new one.
  void write(String name, String content) {
    try {
      Path draft = Files.createTempFile(root, ".draft", null, FILE);
      Files.writeString(draft, content);
      Files.move(draft, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String random() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
