package dev.slipway.localgithub.review;

import dev.slipway.localgithub.pull.PullRequest;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.util.List;
import java.util.Optional;

/// All comments.
public final class Comments {
  private final Documents<Comment> all;

  public Comments(Store store) {
    all = store.documents("comment", Comment.class);
  }

  List<Comment> of(Repository repository, PullRequest pull) {
    return all.of(repository.id()).stream()
        .filter(comment -> comment.pull() == pull.number())
        .toList();
  }

  /// How many there are.
  public int count(PullRequest pull) {
    return (int)
        all.of(pull.identity().repository()).stream()
            .filter(comment -> comment.pull() == pull.number())
            .count();
  }

  Optional<Comment> find(Repository repository, long id) {
    return all.find(new Key(repository.id(), id));
  }

  void put(Repository repository, Comment comment) {
    all.put(new Key(repository.id(), comment.id()), comment);
  }

  void remove(Repository repository, Comment comment) {
    boolean _ = all.remove(new Key(repository.id(), comment.id()));
  }
}
