package dev.slipway.embedded;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

/// Hosts in a network namespace of a test's own: this machine reaches them, and a sandbox must not.
/// On port 80 they serve the files of a folder. Who makes them is root, and has iproute2 and
/// python3.
public final class PrivateHosts implements AutoCloseable {
  /// Where clouds tell machines their credentials.
  public static final String METADATA = "169.254.169.254";

  private static final int WEB = 80;

  private final String name;
  private final int network;
  private final Process web;

  private PrivateHosts(String name, int network, Process web) {
    this.name = name;
    this.network = network;
    this.web = web;
  }

  /// Whether there can be any.
  public static boolean arePermitted() throws IOException {
    return run("ip netns list") == 0;
  }

  /// Makes them; they answer soon.
  ///
  /// @param name of the namespace, at most 12 letters; what is left under it is removed
  /// @param network the third number of their addresses
  /// @param served what they serve
  public static PrivateHosts open(String name, int network, Path served) throws IOException {
    remove(name);
    String inside = "ip netns exec " + name + " ";
    String host = host(network);
    for (String command :
        List.of(
            "ip netns add " + name,
            "ip link add %1$s0 type veth peer name %1$s1 netns %1$s".formatted(name),
            "ip addr add %s/24 dev %s0".formatted(gateway(network), name),
            "ip link set %s0 up".formatted(name),
            "ip route add %s/32 dev %s0".formatted(METADATA, name),
            inside + "ip link set lo up",
            inside + "ip addr add %s/24 dev %s1".formatted(host, name),
            inside + "ip addr add %s/32 dev %s1".formatted(METADATA, name),
            inside + "ip link set %s1 up".formatted(name))) {
      if (run(command) != 0) {
        throw new IOException("it failed: " + command);
      }
    }
    Process web =
        builder(inside + "python3 -m http.server " + WEB).directory(served.toFile()).start();
    return new PrivateHosts(name, network, web);
  }

  /// A host of a private network.
  public String host() {
    return host(network);
  }

  /// This machine's own address in that network.
  public String gateway() {
    return gateway(network);
  }

  /// Whether this machine reaches them all.
  public boolean answer() {
    for (String address : List.of(host(), METADATA)) {
      try (Socket socket = new Socket(address, WEB)) {
        if (!socket.isConnected()) {
          return false;
        }
      } catch (IOException _) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    web.destroy();
    var _ = web.onExit().join();
    remove(name);
  }

  private static String host(int network) {
    return "10.231." + network + ".2";
  }

  private static String gateway(int network) {
    return "10.231." + network + ".1";
  }

  private static void remove(String name) throws IOException {
    var _ = run("ip link del " + name + "0");
    var _ = run("ip netns del " + name);
  }

  private static int run(String command) throws IOException {
    return builder(command).start().onExit().join().exitValue();
  }

  private static ProcessBuilder builder(String command) {
    return new ProcessBuilder(command.split(" ", -1))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }
}
