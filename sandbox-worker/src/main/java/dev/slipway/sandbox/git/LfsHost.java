package dev.slipway.sandbox.git;

import dev.slipway.sandbox.git.GitRun.Remote;
import dev.slipway.sandbox.git.Pointers.Pointer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where a repository's LFS objects are: its own endpoint says so, whatever its `.lfsconfig` says.
///
/// Links are followed to the repository's own host, and over https to addresses that everybody can
/// reach, without a credential of ours and without redirects. The address that is judged is the one
/// that is connected to: the machine's Java keeps what it resolved for half a minute.
final class LfsHost implements AutoCloseable {
  private static final String TYPE = "application/vnd.git-lfs+json";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long LARGEST_ANSWER = 4 << 20;

  private final Remote remote;
  private final HostCalls http;

  LfsHost(Remote remote, Duration timeout) {
    this.remote = remote;
    this.http = new HostCalls(timeout);
  }

  /// Where an object is.
  ///
  /// @param headers to be sent there
  record Link(URI href, Map<String, String> headers) {
    /// Leaves out what may be credentials.
    @Override
    public String toString() {
      return "Link[" + href.getHost() + "]";
    }
  }

  /// Where objects are, by their ids.
  Map<String, Link> links(List<Pointer> pointers) throws InterruptedException {
    var objects =
        pointers.stream().map(each -> Map.of("oid", each.oid(), "size", each.sizeBytes())).toList();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(remote.url() + "/info/lfs/objects/batch"))
            .header("Accept", TYPE)
            .header("Content-Type", TYPE)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    JSON.writeValueAsString(
                        Map.of(
                            "operation",
                            "download",
                            "transfers",
                            List.of("basic"),
                            "objects",
                            objects))));
    HostCalls.authorize(request, remote.credential());
    HttpResponse<String> answer =
        http.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER));
    check(answer.statusCode());
    try {
      var links = new HashMap<String, Link>();
      for (JsonNode object : JSON.readTree(answer.body()).path("objects")) {
        JsonNode download = object.at("/actions/download");
        if (download.path("href").isString()) {
          var headers = new HashMap<String, String>();
          download
              .path("header")
              .properties()
              .forEach(header -> headers.put(header.getKey(), header.getValue().asString("")));
          links.put(
              object.path("oid").asString(""),
              new Link(URI.create(download.path("href").asString()), headers));
        }
      }
      return links;
    } catch (JacksonException | IllegalArgumentException _) {
      throw new GitException(
          GitCode.INTERNAL, "The git host's answer about LFS objects cannot be read.");
    }
  }

  private static void check(int status) {
    if (status != 200) {
      throw Complaints.of("The requested URL returned error: " + status);
    }
  }

  /// Brings an object here.
  void fetch(Link link, Pointer pointer, Path into) throws InterruptedException {
    if (!isAllowed(link.href())) {
      throw new GitException(
          GitCode.VALIDATION_FAILED,
          "The git host says that an LFS object is where nobody from outside may go.");
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(link.href());
    try {
      link.headers()
          .forEach((name, value) -> {
            var _ = request.header(name, value);
          });
    } catch (IllegalArgumentException _) {
      throw new GitException(
          GitCode.INTERNAL, "The git host's answer about LFS objects cannot be used.");
    }
    HttpResponse<Path> answer =
        http.send(request, BodyHandlers.limiting(BodyHandlers.ofFile(into), pointer.sizeBytes()));
    check(answer.statusCode());
    if (into.toFile().length() != pointer.sizeBytes()
        || !Parts.digest(into).equals(pointer.oid())) {
      throw new GitException(GitCode.UNAVAILABLE, "An LFS object is not what it should be.");
    }
  }

  private boolean isAllowed(URI href) {
    String own =
        remote.url().substring(0, remote.url().indexOf('/', remote.url().indexOf("://") + 3));
    if ((href.toString() + "/").startsWith(own + "/")) {
      return true;
    }
    try {
      return "https".equals(href.getScheme())
          && href.getHost() != null
          && href.getRawUserInfo() == null
          && List.of(InetAddress.getAllByName(href.getHost())).stream().allMatch(PublicAddress::is);
    } catch (UnknownHostException _) {
      return false;
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
