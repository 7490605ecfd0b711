/// Postgres: pools by role, transactions, tenants, migrations.
@NullMarked
package dev.slipway.pipeline.database;

import org.jspecify.annotations.NullMarked;
