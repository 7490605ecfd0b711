package dev.slipway.locale2b.box;

import java.nio.file.Path;

/// A program that makes a box as an ordinary user and says what it found in it.
final class OrdinaryUser {
  private OrdinaryUser() {}

  /// Prints one line for each of the box's users.
  ///
  /// @param arguments the directory
  public static void main(String[] arguments) throws Exception {
    try (BubblewrapBoxes boxes =
        BubblewrapBoxes.open(Path.of(arguments[0]), NetworkSettings.DEFAULT)) {
      System.out.println(boxes.unavailable().orElse("available"));
      Box box = boxes.create(TestBoxes.spec("one"));
      for (BoxUser user : BoxUser.values()) {
        TestBoxes.Outcome outcome =
            TestBoxes.run(
                box,
                user,
                """
                touch file /tmp/$$ && echo $(id -un) $(id -u) $(stat -c %U file) \
                $(unshare --user true 2>/dev/null; echo $?) $(kill -9 1; echo $?) \
                $(ps -e -o pid= -o args= | grep -c '[i]nit.py')
                """);
        System.out.println(outcome.stdout().strip());
      }
    }
    System.out.println(Path.of(arguments[0], "boxes", "one").toFile().exists());
  }
}
