package dev.slipway.pr.opening;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which pull request of a head is the one: pure.
///
/// What is there before anything was created:
///
/// | pull requests of the head | the one |
/// |---|---|
/// | some open | of those that go to the wanted base, else of all, the lowest number |
/// | none open, some of the very commit that is to be proposed | the highest number: what people have merged or closed, they need not decide again |
/// | others | none: one is to be created |
///
/// Behind that a number is noted, and whatever has a higher one came to be in the meantime: by a
/// call of ours whose answer was lost, or by somebody else. The lowest of them stays.
record Twins(List<Candidate> found) {
  Twins {
    found = List.copyOf(found);
  }

  /// A pull request of the head.
  ///
  /// @param baseRef branch that it goes to now
  record Candidate(long number, boolean open, String headSha, String baseRef) {}

  /// The one that was there before.
  ///
  /// @param base where it is to go
  /// @param tip commit that the head is at; null when there is no such branch
  Optional<Candidate> known(String base, @Nullable String tip) {
    Comparator<Candidate> lowest = Comparator.comparingLong(Candidate::number);
    Comparator<Candidate> toBase = Comparator.comparing(one -> !one.baseRef.equals(base));
    return found.stream()
        .filter(Candidate::open)
        .min(toBase.thenComparing(lowest))
        .or(() -> found.stream().filter(one -> Objects.equals(one.headSha, tip)).max(lowest));
  }

  /// Number that everything has a higher one than which is created from now on.
  long highest() {
    return found.stream().mapToLong(Candidate::number).max().orElse(0);
  }

  /// The one that has come to be since.
  ///
  /// @param seen the number that was noted
  Optional<Candidate> since(long seen) {
    return found.stream()
        .filter(one -> one.number > seen)
        .min(Comparator.comparingLong(Candidate::number));
  }

  /// Those that are one too many, and open.
  List<Candidate> besides(Candidate kept) {
    return found.stream().filter(one -> one.open && one.number > kept.number).toList();
  }
}
