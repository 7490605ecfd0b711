package dev.slipway.standalone;

import java.io.PrintWriter;
import java.io.Writer;

/// Tells people what is going on while they wait, on standard error.
///
/// @param err standard error
/// @param quiet whether to keep silent
record Progress(PrintWriter err, boolean quiet) {
  /// Tells nobody.
  static final Progress NONE = new Progress(new PrintWriter(Writer.nullWriter()), true);

  void say(String what) {
    if (!quiet) {
      err.println(what);
      err.flush();
    }
  }
}
