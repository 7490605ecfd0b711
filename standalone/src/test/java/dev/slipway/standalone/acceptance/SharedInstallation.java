package dev.slipway.standalone.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests that neither stop nor kill anything one running installation, started with the first
/// of them and ended with the JVM: the launcher of each class has its own end when classes are
/// shared out among JVMs. Two tenants have secrets of their own in it, [#ACME] and [#GLOBEX];
/// whatever belongs to no tenant is `default`'s.
final class SharedInstallation implements ParameterResolver {
  static final String ACME = "acme";
  static final String GLOBEX = "globex";

  private static @Nullable Slipway running;

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Slipway.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return running();
  }

  private static synchronized Slipway running() {
    Slipway found = running;
    if (found == null) {
      found = started();
      Runtime.getRuntime().addShutdownHook(new Thread(found::close, "end-shared-installation"));
      running = found;
    }
    return found;
  }

  /// The secret with which the hooks of this tenant sign.
  static String secretOf(String tenant) {
    return tenant + "-signs-with-this";
  }

  private static Slipway started() {
    Slipway slipway = Slipway.fresh();
    Path folder = slipway.scratch("settings");
    try {
      Files.writeString(folder.resolve("tenants.json"), tenants());
      for (String tenant : List.of(ACME, GLOBEX)) {
        Path hook = Files.writeString(folder.resolve(tenant + "-hook"), secretOf(tenant));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Service _ =
          slipway
              .with("SLIPWAY_TENANTS_FILE", folder.resolve("tenants.json").toString())
              .with("SLIPWAY_SECRETS_DIR", folder.toString())
              .up();
      return slipway;
    } catch (RuntimeException | Error e) {
      slipway.close(); // else nobody would end what did start
      throw e;
    }
  }

  private static String tenants() {
    return """
    {
      "acme": {
        "owners": ["acme-inc"],
        "installations": [7001],
        "webhook_secrets": ["secret://file/acme-hook"]
      },
      "globex": {
        "owners": ["globex-corp"],
        "installations": [7002],
        "webhook_secrets": ["secret://file/globex-hook"]
      }
    }
    """;
  }
}
