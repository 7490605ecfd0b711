package dev.slipway.standalone.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where the parts of an installation listen. Parts that are not there are left out; credentials
/// are never in it.
///
/// @param urls by endpoint
public record Endpoints(Map<Endpoint, String> urls) {
  private static final String FILE = "endpoints.json";
  private static final JsonMapper JSON = JsonMapper.shared();

  public Endpoints {
    EnumMap<Endpoint, String> copy = new EnumMap<>(Endpoint.class);
    copy.putAll(urls);
    urls = Collections.unmodifiableMap(copy);
  }

  public Optional<String> find(Endpoint endpoint) {
    return Optional.ofNullable(urls.get(endpoint));
  }

  /// These, and of the others what is not among these.
  Endpoints over(Endpoints others) {
    EnumMap<Endpoint, String> merged = new EnumMap<>(Endpoint.class);
    merged.putAll(others.urls);
    merged.putAll(urls);
    return new Endpoints(merged);
  }

  /// What the file says; nothing when there is none, or when it is not ours.
  public static Endpoints read(DataDirectory directory) {
    return read(directory.root());
  }

  /// As the other, for a directory that need not exist.
  public static Endpoints read(Path root) {
    try {
      JsonNode json = JSON.readTree(Files.readString(root.resolve(FILE)));
      EnumMap<Endpoint, String> urls = new EnumMap<>(Endpoint.class);
      for (Endpoint endpoint : Endpoint.values()) {
        json.path(endpoint.key()).stringValueOpt().ifPresent(url -> urls.put(endpoint, url));
      }
      return new Endpoints(urls);
    } catch (NoSuchFileException | JacksonException _) {
      return new Endpoints(Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes them the whole content of the file.
  public void write(DataDirectory directory) {
    var _ =
        directory.exclusively(() -> {
          directory.write(FILE, toJson() + "\n");
          return true;
        });
  }

  /// Adds them to the file, beside what other processes wrote into it.
  public void merge(DataDirectory directory) {
    var _ =
        directory.exclusively(() -> {
          directory.write(FILE, over(read(directory)).toJson() + "\n");
          return true;
        });
  }

  public String toJson() {
    Map<String, String> keys = new LinkedHashMap<>();
    urls.forEach((endpoint, url) -> keys.put(endpoint.key(), url));
    return JSON.writeValueAsString(keys);
  }
}
