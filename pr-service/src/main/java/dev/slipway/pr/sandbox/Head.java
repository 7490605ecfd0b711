package dev.slipway.pr.sandbox;

/// A branch of a repository.
///
/// @param repository its address, as everything compares it, in lower case: GitHub takes names in
///   any
/// @param branch its name
record Head(String repository, String branch) {
  private static final int LONGEST_BRANCH = 200;

  /// Whether a sandbox may have pushed it: what is longer no sandbox's branch is called.
  boolean isOurs() {
    return branch.length() <= LONGEST_BRANCH;
  }

  /// Both in one: no address has the mark between them.
  String name() {
    return repository + "#" + branch;
  }

  static Head of(String name) {
    int mark = name.indexOf('#');
    return new Head(name.substring(0, mark), name.substring(mark + 1));
  }
}
