package dev.slipway.locale2b.box;

/// What a box takes at the moment.
///
/// @param cpus how many processors' worth of time it may take
/// @param cpuPercent of one processor, since the last time this was asked; 150 is one and a half
/// @param memoryUsedBytes without what the kernel only keeps to be quick
/// @param processes its programs' processes, without those that make the box
public record Usage(
    double cpus,
    double cpuPercent,
    long memoryTotalBytes,
    long memoryUsedBytes,
    long diskTotalBytes,
    long diskUsedBytes,
    int processes) {}
