package dev.slipway.pipeline.database;

import dev.slipway.pipeline.security.Secret;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How to reach Postgres.
///
/// @param url `postgresql://user:password@host:port/database`; the login must not be a superuser
/// @param stageConnections connections of stages; too few and stages wait for each other, too many
///   and Postgres does
/// @param apiConnections connections of HTTP requests; when all are taken, requests wait for
///   `acquireTimeout`
/// @param connectTimeout for one connection attempt
/// @param acquireTimeout how long a request waits for a free connection before it is answered 503
/// @param queryTimeout for one HTTP request's transaction
/// @param stageTimeout for one stage transaction; beyond it the batch is tried again
/// @param startTimeout how long a starting service waits for Postgres before it gives up
@ConfigurationProperties(prefix = "slipway.database", ignoreUnknownFields = false)
@Validated
public record DatabaseProperties(
    @NotNull Secret url,
    @DefaultValue("6") @Min(2) @Max(100) int stageConnections,
    @DefaultValue("16") @Min(1) @Max(500) int apiConnections,
    @DefaultValue("5s") @DurationMin(millis = 100) Duration connectTimeout,
    @DefaultValue("3s") @DurationMin(millis = 100) Duration acquireTimeout,
    @DefaultValue("5s") @DurationMin(millis = 100) Duration queryTimeout,
    @DefaultValue("30s") @DurationMin(seconds = 1) Duration stageTimeout,
    @DefaultValue("60s") @DurationMin(seconds = 1) Duration startTimeout) {}
