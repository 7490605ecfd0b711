package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.web.ApiException;
import java.util.List;

/// The stages of this process.
record Stages(List<StageRunner<?, ?, ?, ?>> all) {
  Stages {
    all = List.copyOf(all);
  }

  /// Those that an operator means.
  ///
  /// @param name of a stage, or of a service: all its stages
  List<StageRunner<?, ?, ?, ?>> named(String name) {
    List<StageRunner<?, ?, ?, ?>> chosen =
        all.stream()
            .filter(stage -> stage.name().equals(name) || stage.name().startsWith(name + "."))
            .toList();
    if (chosen.isEmpty()) {
      String known = String.join(", ", all.stream().map(StageRunner::name).toList());
      throw ApiException.invalid("stage", "unknown", "There are these stages here: " + known + ".");
    }
    return chosen;
  }
}
