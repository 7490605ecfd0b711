package dev.slipway.localgithub.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// All documents of a kind: in memory, and each in a file of its own, which is replaced in one
/// step. What [#put] has returned from outlives the process, however that ends.
///
/// @param <T> a record that Jackson can write and read
public final class Documents<T> {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern FILE = Pattern.compile("(\\d{1,18})-(\\d{1,18})\\.json");

  private final Path folder;
  private final ConcurrentNavigableMap<Key, T> all = new ConcurrentSkipListMap<>();

  private Documents(Path folder) {
    this.folder = folder;
  }

  static <T> Documents<T> open(Path folder, Class<T> type) {
    Documents<T> documents = new Documents<>(folder);
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          documents.read(file, type);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
    return documents;
  }

  private void read(Path file, Class<T> type) throws IOException {
    Matcher name = FILE.matcher(file.getFileName().toString());
    if (name.matches()) {
      all.put(
          new Key(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))),
          JSON.readValue(Files.readAllBytes(file), type));
    } else {
      // a draft of a process that was killed
      Files.delete(file);
    }
  }

  public Optional<T> find(Key key) {
    return Optional.ofNullable(all.get(key));
  }

  /// Those of a repository, in the order of their ids.
  public List<T> of(long repository) {
    return List.copyOf(
        all.subMap(
                new Key(repository, Long.MIN_VALUE),
                true,
                new Key(repository, Long.MAX_VALUE),
                true)
            .values());
  }

  /// All of them.
  public List<T> all() {
    return List.copyOf(all.values());
  }

  /// Adds or replaces one. Who changes a document sees to it that nobody else does meanwhile.
  public void put(Key key, T document) {
    try {
      Path draft = Files.createTempFile(folder, ".draft", null);
      Files.write(draft, JSON.writeValueAsBytes(document));
      Files.move(draft, file(key), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.put(key, document);
  }

  /// Takes one away.
  ///
  /// @return whether it was there
  public boolean remove(Key key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.remove(key) != null;
  }

  /// Takes away all that a repository has.
  public void removeOf(long repository) {
    for (Key key :
        List.copyOf(
            all.subMap(
                    new Key(repository, Long.MIN_VALUE),
                    true,
                    new Key(repository, Long.MAX_VALUE),
                    true)
                .keySet())) {
      boolean _ = remove(key);
    }
  }

  private Path file(Key key) {
    return folder.resolve(key.repository() + "-" + key.id() + ".json");
  }
}
