package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/// `POST /webhooks/github`: answers 202 once the delivery is on Kafka, or refuses it.
@RestController
@Tag(name = "webhooks", description = "What GitHub sends")
final class DeliveryController {
  private final DeliveryIntake intake;
  private final Admission admission;
  private final DeliveryMetrics metrics;

  DeliveryController(DeliveryIntake intake, Admission admission, DeliveryMetrics metrics) {
    this.intake = intake;
    this.admission = admission;
    this.metrics = metrics;
  }

  @PostMapping("/webhooks/github")
  @SecurityRequirements // its signature is its token
  @Operation(
      summary = "Takes one webhook of GitHub, as JSON or as form",
      description =
          "202 with delivery_id once the delivery is on Kafka. Refused in this order: 413 declared"
              + " length, 415, 401 missing or malformed X-Hub-Signature-256, 413 body, 401 wrong"
              + " signature, 400 headers and JSON. 503 while Kafka or room is missing.",
      parameters = {
        @Parameter(name = "X-Hub-Signature-256", in = ParameterIn.HEADER, required = true),
        @Parameter(name = "X-GitHub-Event", in = ParameterIn.HEADER, required = true),
        @Parameter(name = "X-GitHub-Delivery", in = ParameterIn.HEADER, required = true)
      },
      responses = @ApiResponse(responseCode = "202", description = "Kept"))
  Mono<Void> deliver(@Parameter(hidden = true) ServerWebExchange exchange) {
    return intake
        .take(exchange)
        .onErrorMap(ApiException.class, refusal -> admission.refused(exchange, refusal))
        .doOnError(ApiException.class, refusal -> metrics.refused(refusal.code().value()))
        .flatMap(id -> answer(exchange.getResponse(), id))
        .onErrorResume(
            DisconnectedClientHelper::isClientDisconnectedException,
            _ -> {
              metrics.refused("disconnected"); // nobody is there to be answered
              return Mono.empty();
            });
  }

  private static Mono<Void> answer(ServerHttpResponse response, UUID id) {
    byte[] body = ("{\"delivery_id\":\"" + id + "\"}").getBytes(StandardCharsets.US_ASCII);
    response.setStatusCode(HttpStatus.ACCEPTED);
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.setContentLength(body.length);
    DataBuffer buffer = response.bufferFactory().wrap(body);
    return response.writeWith(Mono.just(buffer));
  }
}
