package dev.slipway.web.admin;

import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pipeline.stage.Stages;
import dev.slipway.web.ApiException;
import java.util.List;

/// The stages that an operator means.
final class ChosenStages {
  private ChosenStages() {}

  /// @param name of a stage, or of a service: all its stages
  /// @throws ApiException when there is none
  static List<StageRunner<?, ?, ?>> of(Stages stages, String name) {
    List<StageRunner<?, ?, ?>> chosen = stages.named(name);
    if (chosen.isEmpty()) {
      String known = String.join(", ", stages.reading().stream().map(StageRunner::name).toList());
      throw ApiException.invalid("stage", "unknown", "There are these stages here: " + known + ".");
    }
    return chosen;
  }
}
