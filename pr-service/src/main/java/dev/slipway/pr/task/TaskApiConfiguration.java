package dev.slipway.pr.task;

import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.pr.opening.TaskOpeningRequests;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Scope;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Beans of the HTTP face of tasks.
@Configuration(proxyBeanMethods = false)
public class TaskApiConfiguration {
  @Bean
  AccessRule taskAccess() {
    return AccessRule.needs(Scope.TASKS, "/api/v1/tasks/**", "/api/v1/executions/**");
  }

  /// For calls of requests that wait: a virtual thread each. No other feature gets it by accident.
  @Bean(destroyMethod = "dispose", defaultCandidate = false)
  @Qualifier("task-calls")
  Scheduler taskCalls() {
    return Schedulers.fromExecutorService(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("task-calls-", 0).factory()));
  }

  @Bean
  TaskRequests taskRequests(
      StageRunner<TaskState, TaskInput, TaskEvent> stage,
      IdempotentRequests requests,
      RepositoryRule repositories) {
    return new TaskRequests(stage, requests, repositories);
  }

  @Bean
  TaskOpeningRequests taskOpenings(TaskRequests tasks) {
    return new TaskOperationRequests(tasks);
  }

  @Bean
  TaskController taskController(
      TaskRequests tasks, TaskProperties properties, CursorSource cursors) {
    return new TaskController(tasks, properties.deadlines(), cursors);
  }

  @Bean
  TaskStoryController taskStoryController(
      TaskRequests tasks, GitHub gitHub, @Qualifier("task-calls") Scheduler blocking) {
    return new TaskStoryController(tasks, new TaskPatchQueries(tasks, gitHub, blocking));
  }

  @Bean
  ExecutionController executionController(TaskRequests tasks, CursorSource cursors) {
    return new ExecutionController(tasks, cursors);
  }
}
