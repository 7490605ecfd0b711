package dev.slipway.benchmarks;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A checkout of Slipway that has been built.
///
/// @param name what tables call it
/// @param root absolute
public record Build(String name, Path root) {
  private static final Path JAR = Path.of("standalone", "target", "slipway", "slipway.jar");

  /// The one that runs this.
  public static Build own() {
    Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath().normalize();
    return new Build("this build", jar.resolve("../".repeat(JAR.getNameCount())).normalize());
  }

  /// Another one, to run beside it.
  ///
  /// @throws IllegalArgumentException when there is none in that folder
  public static Build at(Path root) {
    if (!Files.isRegularFile(root.resolve(JAR))) {
      throw new IllegalArgumentException(
          "no build in " + root + ": run ./slipway help in that checkout");
    }
    Path absolute = root.toAbsolutePath().normalize();
    return new Build(String.valueOf(absolute.getFileName()), absolute);
  }

  /// How to run a command of it: as this process was started.
  public List<String> command(List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String own = own().root.toString();
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      words.add(option.replace(own, root.toString()));
    }
    words.add("-jar");
    words.add(root.resolve(JAR).toString());
    words.addAll(arguments);
    return words;
  }
}
