package dev.slipway.sandbox.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What of a snapshot goes into a sandbox, in parts that are small enough to be sent again.
///
/// @param all in order
record Parts(List<Part> all) {
  static final long LARGEST_BYTES = 64L << 20;
  private static final int PIECE = 64 << 10;

  Parts {
    all = List.copyOf(all);
  }

  /// A piece of a file.
  ///
  /// @param name the file's, and a number
  record Part(Path file, String name, long offset, long length, String digest) {
    /// As `sha256sum` prints it.
    String line() {
      return digest + "  " + name;
    }

    /// The caller closes it.
    InputStream open() throws IOException {
      FileChannel channel = FileChannel.open(file);
      var _ = channel.position(offset);
      return new FirstBytes(Channels.newInputStream(channel), length);
    }
  }

  List<String> lines() {
    return all.stream().map(Part::line).toList();
  }

  /// Of the packs of a bare repository, and how deep it is.
  static Parts of(Path repository) {
    return of(repository, LARGEST_BYTES);
  }

  static Parts of(Path repository, long largestBytes) {
    var files = new ArrayList<Path>();
    for (Path file : Folders.list(repository.resolve("objects/pack"))) {
      String name = file.getFileName().toString();
      if (name.endsWith(".pack") || name.endsWith(".idx")) {
        files.add(file);
      }
    }
    if (Files.exists(repository.resolve("shallow"))) {
      files.add(repository.resolve("shallow"));
    }
    var parts = new ArrayList<Part>();
    for (Path file : files) {
      cut(parts, file, largestBytes);
    }
    return new Parts(parts);
  }

  private static void cut(List<Part> parts, Path file, long largestBytes) {
    try (FileChannel channel = FileChannel.open(file)) {
      InputStream in = Channels.newInputStream(channel);
      long size = channel.size();
      int n = 0;
      for (long at = 0; at < size; at += largestBytes) {
        long length = Math.min(largestBytes, size - at);
        String name = "%s.%04d".formatted(file.getFileName(), n++);
        parts.add(new Part(file, name, at, length, digest(new FirstBytes(in, length))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String digest(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return digest(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(InputStream in) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] piece = in.readNBytes(PIECE);
      while (piece.length > 0) {
        digest.update(piece);
        piece = in.readNBytes(PIECE);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
