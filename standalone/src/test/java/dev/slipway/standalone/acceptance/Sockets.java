package dev.slipway.standalone.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Where the processes of an installation listen, as the kernel has it.
final class Sockets {
  private Sockets() {}

  /// The ports, whatever the address.
  static Set<Integer> listening(Slipway slipway) throws IOException {
    return listening(slipway, _ -> true);
  }

  /// The ports that others than this machine can reach.
  static Set<Integer> exposed(Slipway slipway) throws IOException {
    return listening(slipway, local -> !isLoopback(local));
  }

  private static Set<Integer> listening(Slipway slipway, Predicate<String> which)
      throws IOException {
    Set<String> own = of(slipway);
    Set<Integer> ports = new TreeSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.strip().split("\\s+", -1);
        String local = columns[1];
        boolean listens = columns[3].equals("0A");
        if (listens && which.test(local) && own.contains("socket:[" + columns[9] + "]")) {
          ports.add(Integer.parseInt(local.substring(local.indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  /// Address and port in the kernel's notation: four bytes a group, each group turned round.
  private static boolean isLoopback(String local) {
    String address = local.substring(0, local.indexOf(':'));
    boolean four = address.length() == 8 || address.startsWith("0000000000000000FFFF0000");
    return (four && address.endsWith("7F")) || address.equals("00000000000000000000000001000000");
  }

  private static Set<String> of(Slipway slipway) throws IOException {
    Set<String> sockets = new HashSet<>();
    for (ProcessHandle process : slipway.processes()) {
      Path folder = Path.of("/proc", Long.toString(process.pid()), "fd");
      try (Stream<Path> descriptors = Files.list(folder)) {
        for (Path descriptor : descriptors.toList()) {
          if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
            sockets.add(Files.readSymbolicLink(descriptor).toString());
          }
        }
      }
    }
    return sockets;
  }
}
