package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One webhook call, as GitHub would make it; the body is not to be changed.
final class Webhook {
  static final String JSON = "application/json";
  static final String FORM = "application/x-www-form-urlencoded";

  private final String event;
  private final String guid;
  private final String contentType;
  private final byte[] body;

  Webhook(String event, String guid, String contentType, byte[] body) {
    this.event = event;
    this.guid = guid;
    this.contentType = contentType;
    this.body = body;
  }

  /// A call with content type `json` and a GUID of its own.
  static Webhook json(String event, JsonNode payload) {
    return json(event, JsonMapper.shared().writeValueAsBytes(payload));
  }

  static Webhook json(String event, String payload) {
    return json(event, payload.getBytes(UTF_8));
  }

  static Webhook json(String event, byte[] body) {
    return new Webhook(event, newGuid(), JSON, body);
  }

  /// A call with content type `form` and a GUID of its own.
  static Webhook form(String event, JsonNode payload) {
    String json = JsonMapper.shared().writeValueAsString(payload);
    return new Webhook(
        event, newGuid(), FORM, ("payload=" + URLEncoder.encode(json, UTF_8)).getBytes(UTF_8));
  }

  Webhook withBody(byte[] other) {
    return new Webhook(event, guid, contentType, other);
  }

  Webhook withGuid(String other) {
    return new Webhook(event, other, contentType, body);
  }

  String event() {
    return event;
  }

  String guid() {
    return guid;
  }

  String contentType() {
    return contentType;
  }

  byte[] body() {
    return body;
  }

  /// What `X-Hub-Signature-256` holds when GitHub knows this secret.
  String signature(String secret) {
    return "sha256=" + HexFormat.of().formatHex(mac("HmacSHA256", secret));
  }

  /// What the legacy header `X-Hub-Signature` holds.
  String legacySignature(String secret) {
    return "sha1=" + HexFormat.of().formatHex(mac("HmacSHA1", secret));
  }

  String bodySha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return event + " " + guid + " " + contentType;
  }

  private static String newGuid() {
    return UUID.randomUUID().toString();
  }

  private byte[] mac(String algorithm, String secret) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
