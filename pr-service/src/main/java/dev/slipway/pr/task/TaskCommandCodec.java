package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Violation;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.RecordKey;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.RecordDecoder;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.task.AssignTask;
import dev.slipway.schemas.task.CancelTask;
import dev.slipway.schemas.task.CreateTask;
import dev.slipway.schemas.task.RetryTask;
import dev.slipway.schemas.task.TaskCommand;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/// Reads records of `task.commands`. What a command is, its body says: its `ce_type` is for people.
final class TaskCommandCodec implements RecordDecoder<TaskInput> {
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Deserializer<TaskCommand> deserializer;
  private final RepositoryRule repositories;

  TaskCommandCodec(Deserializer<TaskCommand> deserializer, RepositoryRule repositories) {
    this.deserializer = deserializer;
    this.repositories = repositories;
  }

  @Override
  public Optional<Input<TaskInput>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    if (record.value() == null) {
      throw new PermanentException("no value", null);
    }
    // of any class: the bytes name it
    Object value = deserializer.deserialize(record.topic(), record.headers(), record.value());
    if (!(value instanceof TaskCommand command)) {
      throw new PermanentException("it is no command for a task", null);
    }
    String tenant = command.getContext().getTenant();
    if (!TENANT.matcher(tenant).matches()) {
      throw new PermanentException("its context has no tenant", null);
    }
    UUID task = RecordKey.uuid(record.key(), "task");
    return Optional.of(Input.to(tenant, task.toString(), input(task, envelope.id(), command)));
  }

  private TaskInput input(UUID task, UUID request, TaskCommand command) {
    return switch (command.getBody()) {
      case CreateTask create -> create(task, request, create, command.getContext());
      case AssignTask assign ->
          checked(
              request,
              TaskSpecRules.violations(assign.getAgentId()),
              new TaskInput.Assign(request, assign.getAgentId()));
      case CancelTask _ -> new TaskInput.Cancel(request);
      case RetryTask _ -> new TaskInput.Retry(request);
      default -> throw new PermanentException("it is no command that this build knows", null);
    };
  }

  private TaskInput create(UUID task, UUID request, CreateTask create, Context context) {
    TaskOwner owner = TaskValueCodec.owner(context);
    TaskSpec asked = TaskValueCodec.spec(create);
    List<Violation> violations = TaskSpecRules.violations(asked, owner);
    if (!violations.isEmpty()) {
      return refused(request, violations);
    }
    Optional<String> why = repositories.refusal(context.getTenant(), asked.url());
    return why.isPresent()
        ? new TaskInput.Refused(request, "repository_url: " + why.get())
        : new TaskInput.Create(request, task, asked.at(asked.url()), owner, create.getStart());
  }

  /// What may not be is no dead letter: what the same producer sent after it is not to wait.
  private static TaskInput checked(UUID request, List<Violation> violations, TaskInput input) {
    return violations.isEmpty() ? input : refused(request, violations);
  }

  private static TaskInput refused(UUID request, List<Violation> violations) {
    return new TaskInput.Refused(request, Violation.told(violations));
  }
}
