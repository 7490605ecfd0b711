package dev.slipway.locale2b.box;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A program that makes a box, fills it, and waits to be killed.
final class BoxOwner {
  private BoxOwner() {}

  /// Runs until it is killed.
  ///
  /// @param arguments the directory, a script for the box, and anything for it to be frozen then
  public static void main(String[] arguments) throws Exception {
    BubblewrapBoxes boxes = BubblewrapBoxes.open(Path.of(arguments[0]), NetworkSettings.DEFAULT);
    Box box = boxes.create(TestBoxes.spec("owned"));
    BoxProcess process = box.start(TestBoxes.bash(box, BoxUser.USER, arguments[1]));
    if (process.stdout().read() < 0) {
      throw new IllegalStateException("the script ended");
    }
    if (arguments.length > 2) {
      box.freeze();
    }
    System.out.println("ready");
    new CountDownLatch(1).await();
  }
}
