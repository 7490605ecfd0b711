package dev.slipway.web;

import java.net.URI;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/// The body of an error answer:
///
/// ```json
/// {"type": "urn:slipway:error:invalid", "title": "Invalid request", "status": 422,
///  "detail": "…", "code": "invalid", "errors": [{"field": "title", "code": "not_blank", "detail": "…"}]}
/// ```
///
/// `errors` is there only when single fields are wrong.
final class ProblemWriter {
  private final JsonMapper json;

  ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  byte[] write(ApiException problem) {
    ProblemDetail body =
        ProblemDetail.forStatusAndDetail(problem.code().status(), problem.detail());
    body.setType(URI.create("urn:slipway:error:" + problem.code().value()));
    body.setTitle(problem.code().title());
    body.setProperty("code", problem.code().value());
    if (!problem.errors().isEmpty()) {
      body.setProperty("errors", problem.errors());
    }
    return json.writeValueAsBytes(body);
  }
}
