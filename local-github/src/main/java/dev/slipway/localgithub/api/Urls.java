package dev.slipway.localgithub.api;

import java.net.URI;

/// Where things are.
///
/// @param root of the server
public record Urls(URI root) {
  /// What stands before all paths of the REST API.
  public static final String API = "/api/v3";

  public String api(String path) {
    return root + API + path;
  }

  public String html(String path) {
    return root + path;
  }
}
