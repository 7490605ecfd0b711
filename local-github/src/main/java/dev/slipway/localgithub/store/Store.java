package dev.slipway.localgithub.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// Everything that is not git's, in a folder that belongs to one server.
public final class Store {
  private static final String IDS = "next-id";

  /// How many ids are set aside with each write: a killed process loses those it did not use.
  private static final int IDS_AT_ONCE = 1_000;

  private final Path folder;
  private final List<Documents<?>> kinds = new ArrayList<>();

  // CONFINED: both to who holds the lock of this
  private long nextId;
  private long reserved;

  private Store(Path folder, long nextId) {
    this.folder = folder;
    this.nextId = nextId;
    reserved = nextId;
  }

  public static Store open(Path folder) {
    try {
      Files.createDirectories(folder);
      Path ids = folder.resolve(IDS);
      return new Store(
          folder, Files.exists(ids) ? Long.parseLong(Files.readString(ids).strip()) : 1);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + folder, e);
    }
  }

  /// The documents of a kind; each kind is opened once, before requests are served.
  public <T> Documents<T> documents(String kind, Class<T> type) {
    Documents<T> documents = Documents.open(folder.resolve(kind), type);
    kinds.add(documents);
    return documents;
  }

  /// Takes away what a repository has of every kind.
  public void removeOf(long repository) {
    kinds.forEach(documents -> documents.removeOf(repository));
  }

  /// An id that nothing ever had.
  public synchronized long nextId() {
    if (nextId == reserved) {
      reserve(nextId + IDS_AT_ONCE);
    }
    return nextId++;
  }

  private void reserve(long until) {
    try {
      Path draft = Files.createTempFile(folder, ".draft", null);
      Files.writeString(draft, Long.toString(until));
      Files.move(draft, folder.resolve(IDS), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reserved = until;
  }
}
