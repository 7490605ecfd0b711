package dev.slipway.locale2b.box;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A place of its own on this machine: files, processes, network. Safe for use by many threads.
public interface Box extends AutoCloseable {
  String id();

  /// Starts a program.
  ///
  /// @throws BoxException if its working directory or the program itself is not there, if the box
  ///   may have no more processes, is frozen or has ended
  BoxProcess start(ProcessSpec spec) throws BoxException;

  /// Stops everything in it where it stands. Does nothing when it is frozen already.
  void freeze() throws BoxException;

  /// Lets everything in it go on.
  void thaw() throws BoxException;

  /// Replaces what it may reach, for connections made from now on.
  void network(NetworkRules rules);

  /// What its programs need in their environment to reach the network; a caller's own variables go
  /// over these.
  Map<String, String> environment();

  /// What it takes at the moment; nothing when it has ended.
  Usage usage();

  /// Whether programs can be started in it.
  boolean isAlive();

  /// Completes when it ends, by [#close] or by itself.
  CompletableFuture<Void> onExit();

  /// Kills everything in it at once and deletes its files. Again: does nothing.
  @Override
  void close();
}
