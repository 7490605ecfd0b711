package dev.slipway.ingress.delivery;

import dev.slipway.web.DirectRequest;
import dev.slipway.web.DirectRoute;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.springframework.http.HttpStatus;

/// One request: receives its body, has it judged, and answers what became of it.
///
/// CONFINED: to the connection's event loop.
final class Reception implements DirectRoute.Body, DeliveryJudge.Verdict {
  private final DeliveryIntake intake;
  private final DirectRequest request;
  private final BodyReceiver receiver;
  private final BiConsumer<byte[], DeliveryJudge.Verdict> judge;
  private final Runnable release;
  private final BodyPace.Watched watched;
  private boolean ended; // nothing more is received

  /// @param judge gets the whole body, unless the receiver refuses it
  /// @param release called when no copy of the body is left
  Reception(
      DeliveryIntake intake,
      DirectRequest request,
      BodyReceiver receiver,
      BiConsumer<byte[], DeliveryJudge.Verdict> judge,
      Runnable release) {
    this.intake = intake;
    this.request = request;
    this.receiver = receiver;
    this.judge = judge;
    this.release = release;
    this.watched = intake.watch(receiver, () -> request.eventLoop().execute(this::cut));
  }

  @Override
  public void part(ByteBuf part) {
    if (!receiver.receive(part)) {
      end();
    }
  }

  @Override
  public void end() {
    stop();
    try {
      judge.accept(receiver.body(), this);
    } catch (RuntimeException reason) {
      refused(reason); // whatever it is, the room is given back
    }
  }

  private void cut() {
    if (!ended) {
      stop();
      refused(receiver.tooSlow());
    }
  }

  @Override
  public void gone() {
    if (!ended) {
      stop();
      release.run();
      intake.disconnected();
    }
  }

  private void stop() {
    ended = true;
    watched.close();
  }

  @Override
  public void kept(UUID id) {
    release.run();
    request.answer(
        HttpStatus.ACCEPTED,
        ("{\"delivery_id\":\"" + id + "\"}").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void refused(RuntimeException reason) {
    release.run();
    intake.refuse(request, reason);
  }
}
