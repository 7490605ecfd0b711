package dev.slipway.notifier.hub;

/// The epoch of a leader of one partition, which was followed by another.
///
/// @param number of the epoch
/// @param leader of the present leader's epoch: of the log that the question is about
record EarlierEpoch(int number, int leader) {}
