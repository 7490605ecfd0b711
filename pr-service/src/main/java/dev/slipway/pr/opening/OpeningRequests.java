package dev.slipway.pr.opening;

import dev.slipway.pipeline.core.BranchName;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.web.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What may be asked for: pure. GitHub's own limits, so that nobody waits to be told.
final class OpeningRequests {
  private static final int LONGEST_TITLE = 256;
  private static final int LONGEST_BODY = 65_536;
  private static final int LONGEST_LABEL = 50;
  private static final int MOST_LABELS = 100;

  /// Code of what is missing.
  static final String REQUIRED = "required";

  private OpeningRequests() {}

  /// What is wrong with a request; empty when nothing is.
  static List<FieldError> violations(OpeningRequestJson request) {
    var found = new ArrayList<FieldError>();
    String url = request.repositoryUrl();
    if (url == null) {
      found.add(new FieldError("repository_url", REQUIRED, "It must be given."));
    } else if (address(url).isEmpty()) {
      found.add(
          new FieldError(
              "repository_url",
              "pattern",
              "It must name a repository: https://HOST/OWNER/NAME, without credentials."));
    }
    if (request.head() == null) {
      found.add(new FieldError("head", REQUIRED, "It must be given."));
    } else {
      branch(found, "head", request.head());
    }
    branch(found, "base", request.base());
    if (request.base() != null && Objects.equals(request.base(), request.head())) {
      found.add(new FieldError("base", "range", "It must be another branch than head."));
    }
    if (request.title() != null && request.title().isBlank()) {
      found.add(new FieldError("title", "size", "It must not be blank."));
    }
    text(found, "title", request.title(), LONGEST_TITLE);
    text(found, "body", request.body(), LONGEST_BODY);
    labels(found, request.labels());
    return found;
  }

  static Optional<RepositoryUrl> address(String url) {
    return RepositoryUrl.parse(url).filter(RepositoryUrl::isNamed);
  }

  private static void branch(List<FieldError> found, String field, @Nullable String name) {
    if (name != null && !BranchName.isOne(name)) {
      found.add(
          new FieldError(
              field,
              "pattern",
              "It must be the name of a branch of the repository, of at most %d characters."
                  .formatted(BranchName.LONGEST)));
    }
  }

  private static void text(
      List<FieldError> found, String field, @Nullable String text, int longest) {
    if (text != null && !isText(text, longest)) {
      found.add(
          new FieldError(
              field, "size", "It must be text of at most %d characters.".formatted(longest)));
    }
  }

  private static void labels(List<FieldError> found, @Nullable List<String> labels) {
    if (labels == null) {
      return;
    }
    if (labels.size() > MOST_LABELS
        || labels.stream()
            .anyMatch(label ->
                Objects.isNull(label) || label.isBlank() || !isText(label, LONGEST_LABEL))) {
      found.add(
          new FieldError(
              "labels",
              "size",
              "They must be at most %d, each text of 1 to %d characters."
                  .formatted(MOST_LABELS, LONGEST_LABEL)));
    }
  }

  /// Whether it is not too long, and Postgres keeps it as it is.
  private static boolean isText(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        && text.codePoints().allMatch(c -> c != 0 && (c < 0xD800 || c > 0xDFFF));
  }
}
