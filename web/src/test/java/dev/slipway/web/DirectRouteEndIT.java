package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.DirectRouteIT.Echo;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// The end of a service; alone, because it takes the event loops of the whole process with it.
class DirectRouteEndIT {
  @Test
  void whatIsOnItsWayWhenTheServiceEndsIsAnswered() throws Exception {
    TestService ending = TestService.start(DirectRouteIT.EchoConfiguration.class);
    try (Socket waiting = DirectRouteIT.connect(ending);
        Socket idle = DirectRouteIT.connect(ending)) {
      DirectRouteIT.send(idle, DirectRouteIT.post("before"));
      assertThat(DirectRouteIT.answer(idle)).endsWith("before");
      int held = Echo.HELD.get();
      DirectRouteIT.send(waiting, DirectRouteIT.post("hold"));
      Awaitility.await().until(() -> Echo.HELD.get() == held + 1);

      CompletableFuture<Void> closing = CompletableFuture.runAsync(ending::close);
      DirectRoutes routes = ending.bean(DirectRoutes.class);
      Awaitility.await().until(routes::isStopping);
      assertThat(closing).isNotDone();
      DirectRouteIT.send(idle, DirectRouteIT.post("meanwhile"));
      assertThat(DirectRouteIT.answer(idle))
          .containsIgnoringCase("connection: close")
          .endsWith("meanwhile");
      Echo.release();

      assertThat(DirectRouteIT.answer(waiting))
          .containsIgnoringCase("connection: close")
          .endsWith("held");
      closing.get(30, TimeUnit.SECONDS);
    }
  }
}
