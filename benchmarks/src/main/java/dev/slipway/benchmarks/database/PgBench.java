package dev.slipway.benchmarks.database;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Resource;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Postgres's own load tool with a script that does the same in as many statements.
///
/// @param script a resource beside this class
/// @param variables of the script, beside `n`, which is 0 when a client runs it first
/// @param rows that one run of the script makes or reads
record PgBench(Server server, String script, Map<String, Integer> variables, int clients, int rows)
    implements Contestant {
  private static final Pattern RESULT =
      Pattern.compile(
          "actually processed: (\\d+).*failed transactions: (\\d+) .*tps = ([0-9.]+)",
          Pattern.DOTALL);

  PgBench {
    variables = Map.copyOf(variables);
  }

  /// Whom it works on.
  ///
  /// @param folder for scripts
  /// @param url of the database, credentials included
  /// @param schema where its tables are
  record Server(Path folder, String url, String schema) {
    /// The stage transaction.
    PgBench stage(int batch) {
      return new PgBench(this, "stage.sql", Map.of("batch", batch), 1, batch);
    }

    /// A request's own rows, every tenth time those of one before it.
    PgBench requests(int clients) {
      return new PgBench(this, "request.sql", Map.of(), clients, 1);
    }

    PgBench lookUp(int clients) {
      return new PgBench(this, "look_up.sql", Map.of(), clients, 1);
    }
  }

  @Override
  public String name() {
    return "pgbench";
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    return run("--time=" + duration.toSeconds());
  }

  /// Runs the script so many times and no more.
  Sample run(int times) throws IOException, InterruptedException {
    return run("--transactions=" + times);
  }

  private Sample run(String limit) throws IOException, InterruptedException {
    Files.write(server.folder().resolve(script), Resource.read(PgBench.class, script));
    List<String> words =
        new ArrayList<>(
            List.of(
                Tool.PGBENCH.find().toString(),
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + clients,
                "--jobs=1",
                limit,
                "--define=n=0",
                "--file=" + script));
    variables.forEach((name, value) -> words.add("--define=" + name + "=" + value));
    words.add(server.url());
    String printed =
        ChildProgram.run(
            new Command(
                words,
                server.folder(),
                Map.of("PGOPTIONS", "-c role=slipway_stage -c search_path=" + server.schema())));
    Matcher result = RESULT.matcher(printed);
    if (!result.find()) {
      throw new IOException("pgbench printed no result:\n" + printed);
    }
    return new Sample(
        Double.parseDouble(result.group(3)) * rows,
        Long.parseLong(result.group(1)),
        null,
        null,
        Long.parseLong(result.group(2)));
  }
}
