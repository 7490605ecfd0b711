package dev.slipway.pr.pullrequest;

/// One full `pull_request` object, of a delivery or of an answer of the API.
record Snapshot(SnapshotKey key, Standing standing, Details details) {}
