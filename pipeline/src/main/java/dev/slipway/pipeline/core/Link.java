package dev.slipway.pipeline.core;

/// A name under which an aggregate is found besides its key: the number of a pull request, a
/// branch. Which ones an aggregate has follows from its state.
///
/// @param kind what names it, such as `name`
/// @param exclusive whether only one aggregate of the tenant may have it: who comes later is told
///   of a conflict
public record Link(String tenant, String kind, String value, boolean exclusive) {
  /// The name alone, whoever may have it.
  public Link name() {
    return exclusive ? new Link(tenant, kind, value, false) : this;
  }
}
