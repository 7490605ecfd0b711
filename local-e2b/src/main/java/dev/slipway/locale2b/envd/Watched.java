package dev.slipway.locale2b.envd;

/// What is to be watched.
///
/// @param account as whom files are looked at
/// @param path of a folder
/// @param withEntries whether events say what the file is now
record Watched(Account account, String path, boolean recursive, boolean withEntries) {}
