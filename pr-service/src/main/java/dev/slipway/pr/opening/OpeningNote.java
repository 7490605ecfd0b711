package dev.slipway.pr.opening;

/// What a worker leaves before it creates, for whoever comes after it.
///
/// @param seen highest number of a pull request of the head that was there before; 0 for none
record OpeningNote(long seen) {}
