package dev.slipway.sandbox.e2b;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// Chooses between the two generations of a route: E2B itself has `/v2/…`, deployments of its open
/// source may only have the older one.
///
/// A route is missing when it answers 405, or 404 without E2B's own code in the body. A 404 with
/// the code mostly means that a template or sandbox is missing, but servers that check requests
/// against their OpenAPI description say the same of a missing route. So as long as the newer one
/// was never seen to work, the older is asked as well: what is missing is missing there too, and a
/// 404 has done nothing.
final class Routes {
  private final AtomicReference<Known> known = new AtomicReference<>(Known.NEITHER);

  /// @param send makes a call and answers with any status that tells whether its route is there
  Answer ask(Call newer, Call older, Function<Call, Answer> send) {
    Answer first = null;
    if (known.get() != Known.OLDER) {
      first = send.apply(newer);
      if (!isMissing(first)) {
        known.set(Known.NEWER);
        return first;
      }
      if (known.get() == Known.NEWER && isAboutSomethingElse(first)) {
        return first;
      }
    }
    Answer second = send.apply(older);
    if (second.isSuccess()) {
      known.set(Known.OLDER);
    } else if (isMissing(second) && !isAboutSomethingElse(second)) {
      known.set(Known.NEITHER);
    }
    return first != null && isMissing(second) && isAboutSomethingElse(first) ? first : second;
  }

  /// Whether an answer may mean that there is no such route.
  static boolean isMissing(Answer answer) {
    return answer.status() == 404 || answer.status() == 405;
  }

  private static boolean isAboutSomethingElse(Answer answer) {
    return answer.status() == 404 && Complaint.of(answer).says(404);
  }

  private enum Known {
    NEITHER,
    NEWER,
    OLDER
  }
}
