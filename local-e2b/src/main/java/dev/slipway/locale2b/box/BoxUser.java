package dev.slipway.locale2b.box;

/// Who a program runs as in a box. Outside, neither is anybody who owns anything.
public enum BoxUser {
  USER("user", 1000, "/home/user"),
  /// May change every file of its own box; over the host it has no more power than the other.
  ROOT("root", 0, "/root");

  private final String userName;
  private final int uid;
  private final String home;

  BoxUser(String userName, int uid, String home) {
    this.userName = userName;
    this.uid = uid;
    this.home = home;
  }

  public String userName() {
    return userName;
  }

  /// The user's and the group's number, as seen inside.
  public int uid() {
    return uid;
  }

  public String home() {
    return home;
  }
}
