package dev.slipway.notifier.router;

import dev.slipway.notifier.topic.MercureTopics;
import dev.slipway.schemas.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Mercure topics of what an event belongs to: pure.
final class ContextTopics {
  private ContextTopics() {}

  static List<String> of(Context context) {
    var names = new MercureTopics(context.getTenant());
    var topics = new ArrayList<String>();
    add(topics, context.getTaskId(), names::task);
    add(topics, context.getExecutionId(), names::execution);
    add(topics, context.getSquadId(), names::squad);
    add(topics, context.getAgentId(), names::agent);
    add(topics, context.getSandboxId(), names::sandbox);
    add(topics, context.getSessionId(), names::session);
    return topics;
  }

  private static void add(List<String> topics, @Nullable String id, UnaryOperator<String> name) {
    if (id != null) {
      topics.add(name.apply(id));
    }
  }
}
