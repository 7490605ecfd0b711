package dev.slipway.pr.opening;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which pull request of a head is the one: pure.
///
/// | pull requests of the head before anything was created | the one |
/// |---|---|
/// | some open | of those that go to the wanted base, else of all, the lowest number |
/// | none open, some of the very commit that is to be proposed, to the base if one is named | the highest number: what people have merged or closed, they need not decide again |
/// | others | none: one is to be created |
///
/// Before it is, the highest number is noted. Whatever has a higher one came to be since, by a call
/// of ours or by somebody else: the lowest of it stays, one that was closed only if there is no
/// other.
///
/// A head that has one *for life*, as a task's has, has the lowest number of all, whatever became
/// of it; open ones beside it are one too many, whoever opened them.
///
/// @param forLife whether the head has one for life
record Twins(List<Candidate> found, boolean forLife) {
  private static final Comparator<Candidate> LOWEST = Comparator.comparingLong(Candidate::number);

  Twins {
    found = List.copyOf(found);
  }

  /// A pull request of the head.
  ///
  /// @param baseRef branch that it goes to now
  record Candidate(long number, Standing standing, String headSha, String baseRef) {
    boolean isOpen() {
      return standing == Standing.OPEN;
    }
  }

  /// What became of a pull request so far.
  enum Standing {
    OPEN,
    MERGED,
    CLOSED
  }

  /// The one that was there before.
  ///
  /// @param base where it is to go
  /// @param named whether somebody has said so
  /// @param tip commit that the head is at; null when there is no such branch
  Optional<Candidate> known(String base, boolean named, @Nullable String tip) {
    if (forLife) {
      return found.stream().min(LOWEST);
    }
    Comparator<Candidate> toBase = Comparator.comparing(one -> !one.baseRef.equals(base));
    return found.stream()
        .filter(Candidate::isOpen)
        .min(toBase.thenComparing(LOWEST))
        .or(() ->
            found.stream()
                .filter(one -> one.headSha.equals(tip))
                .filter(one -> !named || one.baseRef.equals(base))
                .max(LOWEST));
  }

  /// Number that everything has a higher one than which is created from now on.
  long highest() {
    return found.stream().mapToLong(Candidate::number).max().orElse(0);
  }

  /// The one that has come to be since, if it holds what is to be proposed.
  ///
  /// @param seen the number that was noted
  /// @param tip as [#known] takes it
  Optional<Candidate> since(long seen, @Nullable String tip) {
    if (forLife) {
      return found.stream().min(LOWEST);
    }
    Comparator<Candidate> wanted = Comparator.comparing(one -> one.standing == Standing.CLOSED);
    return found.stream()
        .filter(one -> one.number > seen)
        .filter(one -> one.isOpen() || tip == null || Objects.equals(one.headSha, tip))
        .min(wanted.thenComparing(LOWEST));
  }

  /// Those that are one too many.
  List<Candidate> besides(Candidate kept) {
    return found.stream()
        .filter(Candidate::isOpen)
        .filter(one -> forLife ? one.number != kept.number : one.number > kept.number)
        .toList();
  }
}
