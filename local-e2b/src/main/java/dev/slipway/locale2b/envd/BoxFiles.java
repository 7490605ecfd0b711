package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.Box;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/// Files of a box, looked at and changed inside it as one of its users.
///
/// @param box in which
record BoxFiles(Box box) {
  /// What a listing may come to.
  private static final int LISTING_BYTES = 64 << 20;

  FileEntry stat(Account account, String path) throws IOException, InterruptedException {
    return only(run(account, "stat", path), path);
  }

  FileEntry makeFolder(Account account, String path) throws IOException, InterruptedException {
    return only(run(account, "mkdir", path), path);
  }

  FileEntry move(Account account, String from, String to) throws IOException, InterruptedException {
    return only(run(account, "move", from, to), to);
  }

  /// What is below a folder, in order of paths.
  List<FileEntry> list(Account account, String path, int depth)
      throws IOException, InterruptedException {
    // the folder itself sorts before its content, and a neighbour with a longer name after it
    return FileEntry.parse(run(account, "list", path, Integer.toString(depth))).stream()
        .sorted(Comparator.comparing(entry -> entry.path().replace('/', '\0')))
        .toList();
  }

  void remove(Account account, String path) throws IOException, InterruptedException {
    String _ = run(account, "remove", path);
  }

  /// Kills everything in the box but the box.
  void endAll() throws IOException, InterruptedException {
    String _ = run(Account.ROOT, "end-all");
  }

  private static FileEntry only(String output, String path) {
    return FileEntry.parse(output).stream()
        .findFirst()
        .orElseThrow(() ->
            new RpcException(
                RpcCode.NOT_FOUND, "file not found: " + path + ": no such file or directory"));
  }

  private String run(Account account, String verb, String... arguments)
      throws IOException, InterruptedException {
    try (BoxTool tool = BoxTool.start(box, account, false, verb, arguments)) {
      byte[] output =
          Pipes.call(() -> {
            try (InputStream out = tool.process().stdout()) {
              return out.readNBytes(LISTING_BYTES);
            }
          });
      if (output.length == LISTING_BYTES) {
        throw new RpcException(RpcCode.RESOURCE_EXHAUSTED, "too many files: ask for less depth");
      }
      tool.finish();
      return new String(output, StandardCharsets.UTF_8);
    } catch (FileFailedException e) {
      throw e.asRpc();
    }
  }
}
