package dev.slipway.localgithub.git;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What git answers to a push, in GitHub's words, and what it changed.
public final class PushAnswer {
  /// The largest packet of the side band.
  private static final int BAND_BYTES = 65_515;

  private final byte[] bytes;
  private final List<RefUpdate> updates;

  private PushAnswer(byte[] bytes, List<RefUpdate> updates) {
    this.bytes = bytes;
    this.updates = List.copyOf(updates);
  }

  /// What the client is to get.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// What was changed.
  public List<RefUpdate> updates() {
    return updates;
  }

  private static PushAnswer of(
      ByteArrayOutputStream bytes, PushRequest request, Set<String> updated) {
    return new PushAnswer(
        bytes.toByteArray(),
        request.updates().stream().filter(update -> updated.contains(update.ref())).toList());
  }

  /// @param reasons why references were refused
  /// @param raw what git answered, without a side band when the client has none
  static PushAnswer read(PushRequest request, Map<String, String> reasons, byte[] raw)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Set<String> updated = new HashSet<>();
    if (!request.hasSideBand()) {
      out.writeBytes(report(raw, reasons, updated));
      return of(out, request, updated);
    }
    ByteArrayInputStream in = new ByteArrayInputStream(raw);
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    while (in.available() > 0) {
      Optional<byte[]> packet = PktLines.read(in);
      if (packet.isPresent() && packet.get().length > 0 && packet.get()[0] == 1) {
        report.write(packet.get(), 1, packet.get().length - 1);
      } else if (packet.isPresent()) {
        PktLines.write(out, packet.get());
      }
    }
    ByteArrayInputStream left =
        new ByteArrayInputStream(report(report.toByteArray(), reasons, updated));
    while (left.available() > 0) {
      ByteArrayOutputStream band = new ByteArrayOutputStream();
      band.write(1);
      band.writeBytes(left.readNBytes(BAND_BYTES));
      PktLines.write(out, band.toByteArray());
    }
    PktLines.flush(out);
    return of(out, request, updated);
  }

  private static byte[] report(byte[] raw, Map<String, String> reasons, Set<String> updated)
      throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(raw);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> lines = new ArrayList<>();
    while (in.available() > 0) {
      PktLines.read(in)
          .ifPresent(
              packet -> lines.add(new String(packet, StandardCharsets.UTF_8).stripTrailing()));
    }
    if (lines.isEmpty()) {
      return raw;
    }
    for (String line : lines) {
      if (line.startsWith("ok ")) {
        updated.add(line.substring(3));
      }
      PktLines.write(out, inGitHubsWords(line, reasons) + "\n");
    }
    PktLines.flush(out);
    return out.toByteArray();
  }

  private static String inGitHubsWords(String line, Map<String, String> reasons) {
    String[] parts = line.split(" ", 3);
    if (parts.length < 3 || !parts[0].equals("ng")) {
      return line;
    }
    return switch (parts[2]) {
      case "hook declined" -> "ng " + parts[1] + " " + reasons.getOrDefault(parts[1], parts[2]);
      case "deletion of the current branch prohibited" ->
          "ng " + parts[1] + " refusing to delete the current branch: " + parts[1];
      default -> line;
    };
  }
}
