package dev.slipway.standalone;

import java.io.Console;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/// Where lines appear that people look on at.
///
/// @param out takes lines as they are: what they are made of went through the ink
record Screen(PrintWriter out, Ink ink) {
  /// Standard output: with colours where it is a terminal that wants them.
  @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again where there is no terminal
  static Screen of(CommandLine command, Map<String, String> environment, StandardStreams streams) {
    Console console = System.console();
    Ink ink = Ink.of(environment, console != null && console.isTerminal());
    return ink.colours()
        ? new Screen(
            new PrintWriter(
                new OutputStreamWriter(streams.out(), Charset.forName(stdoutEncoding())), true),
            ink)
        : new Screen(command.getOut(), Ink.NONE);
  }

  private static String stdoutEncoding() {
    return System.getProperty("stdout.encoding", Charset.defaultCharset().name());
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }

  void lines(List<String> all) {
    all.forEach(out::println);
    out.flush();
  }

  /// Whether nobody reads any more: the other end of a pipe has gone.
  boolean isLeft() {
    return out.checkError();
  }
}
