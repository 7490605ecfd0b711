package dev.slipway.benchmarks.operation;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Queue;
import dev.dbos.transact.workflow.Workflow;
import dev.slipway.benchmarks.database.BenchDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;

/// DBOS Transact for Java in its own settings, but for how often it looks into its queue.
final class Dbos implements AutoCloseable {
  /// Its own is a second, which alone would bound what it takes from the queue.
  private static final Duration POLL = Duration.ofMillis(10);

  private final DBOS dbos;
  private final Queue queue;

  /// All that wait are alike: whichever act is over is one of theirs.
  private final java.util.Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  private final Errand errand;

  private Dbos(DBOS dbos, Queue queue) {
    this.dbos = dbos;
    this.queue = queue;
    this.errand = dbos.registerProxy(Errand.class, new OneStep());
  }

  /// @param concurrency how many it makes at once
  static Dbos start(BenchDatabase database, int concurrency) {
    var dbos =
        new DBOS(
            DBOSConfig.defaults("bench")
                .withDatabaseUrl(database.jdbcUrl())
                .withDbUser(BenchDatabase.USER)
                .withDbPassword(BenchDatabase.PASSWORD));
    var queue = new Queue("errands").withWorkerConcurrency(concurrency).withPollingInterval(POLL);
    dbos.registerQueue(queue);
    var started = new Dbos(dbos, queue);
    dbos.launch();
    return started;
  }

  /// A workflow of one step, which does nothing.
  public interface Errand {
    String run();
  }

  private final class OneStep implements Errand {
    @Override
    @Workflow
    public String run() {
      return dbos.runStep(
          () -> {
            Runnable acted = waiting.poll();
            if (acted != null) {
              acted.run();
            }
            return "done";
          },
          "run");
    }
  }

  /// Takes them from its queue.
  Engine queued() {
    return new Workflows("DBOS, queued", new StartWorkflowOptions().withQueue(queue));
  }

  /// Starts each at once where it is asked for, without a bound.
  Engine atOnce() {
    return new Workflows("DBOS, at once", new StartWorkflowOptions());
  }

  private final class Workflows implements Engine {
    private final String name;
    private final StartWorkflowOptions options;

    Workflows(String name, StartWorkflowOptions options) {
      this.name = name;
      this.options = options;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String queue(Runnable acted) {
      waiting.add(acted);
      return dbos.<String, RuntimeException>startWorkflow(errand::run, options).workflowId();
    }

    @Override
    public long open(Connection database) throws SQLException {
      return Engine.number(
          database,
          "select count(*) from dbos.workflow_status where status in ('ENQUEUED', 'PENDING')");
    }

    @Override
    public long done(Connection database) throws SQLException {
      return Engine.number(
          database,
          "select count(*) from dbos.workflow_status w join dbos.operation_outputs o"
              + " on o.workflow_uuid = w.workflow_uuid where w.status = 'SUCCESS'");
    }

    @Override
    public boolean isDone(Connection database, String id) throws SQLException {
      try (var statement =
          database.prepareStatement(
              "select status = 'SUCCESS' from dbos.workflow_status where workflow_uuid = ?")) {
        statement.setString(1, id);
        try (var rows = statement.executeQuery()) {
          return rows.next() && rows.getBoolean(1);
        }
      }
    }
  }

  @Override
  public void close() {
    dbos.close();
  }
}
