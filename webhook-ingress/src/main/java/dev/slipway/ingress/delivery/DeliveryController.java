package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// What the description of the API says of `POST /webhooks/github`, and who answers other methods.
/// The requests themselves are taken by [DeliveryIntake], below: only those that write the path in
/// another way (`/webhooks/git%68ub`) come here.
@RestController
@Tag(name = "webhooks", description = "What GitHub sends")
final class DeliveryController {
  @PostMapping(DeliveryIntake.PATH)
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
  Mono<Void> deliver() {
    return Mono.error(ApiException.notFound("path"));
  }
}
