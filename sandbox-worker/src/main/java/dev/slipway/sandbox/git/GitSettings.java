package dev.slipway.sandbox.git;

import dev.slipway.sandbox.git.GitRun.Remote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What git is told besides its arguments.
final class GitSettings {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /// A helper is asked with `get`; what it prints comes through a pipe that is empty afterwards.
  private static final String HELPER = "!f() { test \"$1\" = get && cat <&9; }; f";

  private static final List<String> OURS =
      List.of(
          "core.hooksPath=/dev/null",
          "core.fsmonitor=false",
          "core.packedGitWindowSize=32m",
          "core.packedGitLimit=512m",
          "core.deltaBaseCacheLimit=64m",
          "credential.helper=",
          "gc.auto=0",
          "maintenance.auto=false",
          "pack.threads=1",
          "fetch.unpackLimit=1",
          "fetch.recurseSubmodules=false",
          "push.recurseSubmodules=no",
          "push.gpgSign=false",
          "protocol.allow=never",
          "http.followRedirects=false",
          "http.lowSpeedLimit=1000",
          "http.lowSpeedTime=30",
          "apply.whitespace=nowarn");

  /// What leads through a company's proxy and to its certificates.
  private static final List<String> PASSED_ON =
      List.of("HTTPS_PROXY", "https_proxy", "http_proxy", "NO_PROXY", "no_proxy", "GIT_SSL_CAINFO");

  private GitSettings() {}

  /// The environment of a run.
  ///
  /// @param directory where it runs
  /// @param own this process's
  static Map<String, String> of(GitRun run, Path directory, Map<String, String> own) {
    var all = new HashMap<String, String>();
    PASSED_ON.forEach(name -> {
      String value = own.get(name);
      if (value != null) {
        all.put(name, value);
      }
    });
    all.put("PATH", PATH);
    all.put("HOME", "/nonexistent");
    all.put("LC_ALL", "C");
    all.put("GIT_CONFIG_NOSYSTEM", "1");
    all.put("GIT_CONFIG_SYSTEM", "/dev/null");
    all.put("GIT_CONFIG_GLOBAL", "/dev/null");
    all.put("GIT_ATTR_NOSYSTEM", "1");
    all.put("GIT_TERMINAL_PROMPT", "0");
    all.put("GIT_CEILING_DIRECTORIES", String.valueOf(directory.getParent()));
    if (run.repository() != null) {
      all.put("GIT_DIR", run.repository().toString());
    }
    all.putAll(run.environment());
    configure(all, run.remote());
    return all;
  }

  private static void configure(Map<String, String> environment, @Nullable Remote remote) {
    var settings = new ArrayList<>(OURS);
    if (remote != null) {
      String scheme = remote.url().substring(0, remote.url().indexOf("://"));
      settings.add("protocol." + scheme + ".allow=always");
      if (remote.credential() != null) {
        String host =
            remote.url().substring(0, remote.url().indexOf('/', scheme.length() + "://".length()));
        settings.add("credential." + host + ".helper=" + HELPER);
      }
    }
    environment.put("GIT_CONFIG_COUNT", Integer.toString(settings.size()));
    for (int i = 0; i < settings.size(); i++) {
      String setting = settings.get(i);
      int at = setting.indexOf('=');
      environment.put("GIT_CONFIG_KEY_" + i, setting.substring(0, at));
      environment.put("GIT_CONFIG_VALUE_" + i, setting.substring(at + 1));
    }
  }
}
