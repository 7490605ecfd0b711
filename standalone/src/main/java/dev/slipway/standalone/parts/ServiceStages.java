package dev.slipway.standalone.parts;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pipeline.stage.Stages;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.web.SlipwayApplication;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.BeansException;
import org.springframework.context.ConfigurableApplicationContext;

/// The stages of a service, for a job of this process: made as in the service, and not started, so
/// that they take part in no group and hold no lease.
public final class ServiceStages implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final Stages stages;

  private ServiceStages(ConfigurableApplicationContext context, Stages stages) {
    this.context = context;
    this.stages = stages;
  }

  /// Makes those of a service.
  ///
  /// @param stage a stage of it, or the service itself
  /// @throws IllegalArgumentException when there is no such service
  /// @throws RetryableException when its database does not answer
  public static ServiceStages of(String stage, Wiring wiring, DataDirectory directory) {
    Service service =
        Service.named(stage.split("\\.", 2)[0])
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no service \"%s\": there are %s"
                        .formatted(stage, String.join(", ", Service.names()))));
    ConfigurableApplicationContext context =
        SlipwayApplication.assemble(
            service.configuration(),
            ServiceSettings.arguments(ServiceSettings.ofJob(directory, wiring)));
    try {
      return new ServiceStages(
          context,
          context.getBeanProvider(Stages.class).getIfAvailable(() -> new Stages(List.of())));
    } catch (BeansException e) {
      context.close();
      throw away(e).<RuntimeException>map(away -> away).orElse(e);
    }
  }

  /// What was away, so that a bean could not be made.
  private static Optional<RetryableException> away(BeansException failure) {
    return Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
        .filter(RetryableException.class::isInstance)
        .map(RetryableException.class::cast)
        .findFirst();
  }

  /// Those that an operator means; none when there is no such stage.
  public List<StageRunner<?, ?, ?>> named(String name) {
    return stages.named(name);
  }

  /// Names of all.
  public List<String> names() {
    return stages.all().stream().map(StageRunner::name).toList();
  }

  @Override
  public void close() {
    context.close();
  }
}
