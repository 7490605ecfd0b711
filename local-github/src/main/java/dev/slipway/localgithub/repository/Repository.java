package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Account;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A repository.
///
/// @param formerNames under which it is still found, as long as no other has them
/// @param account whose it is; null for the owner of this server
/// @param parent the one that it is a fork of; null for all others
/// @param deletesBranches whether the branch of a merged pull request is deleted
/// @param pushedAt when its references last changed
public record Repository(
    long id,
    String owner,
    String name,
    List<String> formerNames,
    @Nullable String description,
    boolean isPrivate,
    boolean archived,
    boolean deletesBranches,
    String defaultBranch,
    Instant createdAt,
    Instant updatedAt,
    Instant pushedAt,
    @Nullable Account account,
    @Nullable Long parent) {
  public Repository {
    formerNames = List.copyOf(formerNames);
  }

  public String fullName() {
    return owner + "/" + name;
  }

  /// Whose it is.
  public Account holder() {
    return account == null ? Account.OWNER : account;
  }

  boolean isNamed(String ownerGiven, String nameGiven) {
    return owner.equalsIgnoreCase(ownerGiven) && name.equalsIgnoreCase(nameGiven);
  }

  boolean wasNamed(String ownerGiven, String nameGiven) {
    return owner.equalsIgnoreCase(ownerGiven)
        && formerNames.stream().anyMatch(nameGiven::equalsIgnoreCase);
  }

  Repository renamed(String to, Instant now) {
    List<String> former = new ArrayList<>(formerNames);
    former.removeIf(to::equalsIgnoreCase);
    former.add(name);
    return new Repository(
        id,
        owner,
        to,
        former,
        description,
        isPrivate,
        archived,
        deletesBranches,
        defaultBranch,
        createdAt,
        now,
        pushedAt,
        account,
        parent);
  }

  Repository described(
      @Nullable String text, boolean hidden, boolean readOnly, boolean deletes, Instant now) {
    return new Repository(
        id,
        owner,
        name,
        formerNames,
        text,
        hidden,
        readOnly,
        deletes,
        defaultBranch,
        createdAt,
        now,
        pushedAt,
        account,
        parent);
  }

  Repository withDefaultBranch(String branch, Instant now) {
    return new Repository(
        id,
        owner,
        name,
        formerNames,
        description,
        isPrivate,
        archived,
        deletesBranches,
        branch,
        createdAt,
        now,
        pushedAt,
        account,
        parent);
  }

  Repository pushed(Instant now) {
    return new Repository(
        id,
        owner,
        name,
        formerNames,
        description,
        isPrivate,
        archived,
        deletesBranches,
        defaultBranch,
        createdAt,
        now,
        now,
        account,
        parent);
  }
}
