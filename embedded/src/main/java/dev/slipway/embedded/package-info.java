/// Servers that run without being installed: a Kafka broker in this JVM, PostgreSQL and the schema
/// registry as its children. Standalone lives on them, and so do the tests of every module, through
/// [dev.slipway.embedded.SharedKafka], [dev.slipway.embedded.SharedPostgres] and
/// [dev.slipway.embedded.SharedRegistry].
@NullMarked
package dev.slipway.embedded;

import org.jspecify.annotations.NullMarked;
