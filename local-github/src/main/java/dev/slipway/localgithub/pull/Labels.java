package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The labels of repositories. One that is put on a pull request is made when it is not there.
public final class Labels {
  static final String PLAIN = "ededed";

  private final Documents<Label> all;
  private final Store store;
  private final Urls urls;

  public Labels(Store store, Urls urls) {
    this.store = store;
    this.urls = urls;
    all = store.documents("label", Label.class);
  }

  List<Label> of(Repository repository) {
    return all.of(repository.id());
  }

  Optional<Label> find(Repository repository, String name) {
    return of(repository).stream().filter(label -> label.name().equalsIgnoreCase(name)).findFirst();
  }

  /// The caller holds the repository's lock.
  Label require(Repository repository, String name, String color, @Nullable String description) {
    return find(repository, name)
        .orElseGet(() -> {
          Label made = new Label(store.nextId(), name, color, description);
          all.put(new Key(repository.id(), made.id()), made);
          return made;
        });
  }

  ArrayNode json(Repository repository, List<String> names) {
    return Json.array(
        names.stream().flatMap(name -> find(repository, name).stream()).toList(),
        label -> json(repository, label));
  }

  ObjectNode json(Repository repository, Label label) {
    return Json.object()
        .put("id", label.id())
        .put("node_id", Json.nodeId("Label", label.id()))
        .put("url", urls.api("/repos/" + repository.fullName() + "/labels/" + label.name()))
        .put("name", label.name())
        .put("color", label.color())
        .put("default", false)
        .put("description", label.description());
  }
}
