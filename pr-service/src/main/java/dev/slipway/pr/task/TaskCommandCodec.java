package dev.slipway.pr.task;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.RecordDecoder;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.task.AssignTask;
import dev.slipway.schemas.task.CancelTask;
import dev.slipway.schemas.task.CreateTask;
import dev.slipway.schemas.task.RetryTask;
import dev.slipway.schemas.task.TaskCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

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
    UUID task = key(record.key());
    return Optional.of(Input.to(tenant, task.toString(), input(task, envelope.id(), command)));
  }

  private static UUID key(byte @Nullable [] key) {
    String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
    if (!Ids.UUID_TEXT.matcher(text).matches()) {
      throw new PermanentException("its key is no task's id: a UUID", null);
    }
    return UUID.fromString(text);
  }

  private TaskInput input(UUID task, UUID request, TaskCommand command) {
    return switch (command.getBody()) {
      case CreateTask create -> create(task, request, create, command.getContext());
      case AssignTask assign -> {
        check(TaskSpecRules.violations(assign.getAgentId()));
        yield new TaskInput.Assign(request, assign.getAgentId());
      }
      case CancelTask _ -> new TaskInput.Cancel(request);
      case RetryTask _ -> new TaskInput.Retry(request);
      default -> throw new PermanentException("it is no command that this build knows", null);
    };
  }

  private TaskInput create(UUID task, UUID request, CreateTask create, Context context) {
    RepositoryUrl url =
        RepositoryUrl.parse(create.getRepositoryUrl())
            .filter(RepositoryUrl::isNamed)
            .orElseThrow(() -> new PermanentException("its repository_url names none", null));
    repositories
        .refusal(context.getTenant(), url)
        .ifPresent(why -> {
          throw new PermanentException("repository_url: " + why, null);
        });
    TaskSpec spec = TaskValueCodec.spec(create).at(url);
    TaskOwner owner = TaskValueCodec.owner(context);
    check(TaskSpecRules.violations(spec, owner));
    return new TaskInput.Create(request, task, spec, owner, create.getStart());
  }

  private static void check(List<TaskSpecRules.Violation> violations) {
    if (!violations.isEmpty()) {
      throw new PermanentException(
          violations.stream()
              .map(violation -> violation.field() + ": " + violation.detail())
              .collect(Collectors.joining(" ")),
          null);
    }
  }
}
