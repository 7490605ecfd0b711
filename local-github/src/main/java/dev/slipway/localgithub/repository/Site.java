package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.store.Store;
import java.time.Clock;

/// What everything that happens to repositories needs.
///
/// @param events where it is said
/// @param urls where things are
public record Site(Store store, Repositories repositories, Events events, Urls urls, Clock clock) {}
