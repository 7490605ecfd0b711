package dev.slipway.ingress.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is read from a body on the way in. Everything is null that is absent or of another type
/// than GitHub documents; texts are cut at 512 characters and hold neither NUL nor lone surrogates.
///
/// @param number of the pull request or issue
/// @param owners logins of every account that the body says it is about, most telling first: owner
///   of the repository, the same by its full name, organization, account of the installation
record Payload(
    @Nullable String action,
    @Nullable Long number,
    @Nullable Long repositoryId,
    @Nullable String repositoryFullName,
    @Nullable Long organizationId,
    @Nullable Long installationId,
    @Nullable String sender,
    List<String> owners) {

  Payload {
    owners = List.copyOf(owners);
  }
}
