package dev.slipway.web.security;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Who the tenants are.
///
/// @param file as [TenantsFile] describes it; null when everything belongs to
///   [Caller#DEFAULT_TENANT]
@ConfigurationProperties(prefix = "slipway.tenants", ignoreUnknownFields = false)
record TenantsProperties(@Nullable Path file) {}
