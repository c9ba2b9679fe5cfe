package dev.homeward.catalog;

/**
 * A complete box: host, accelerators, and the way to have it. One catalog entry is one box in one
 * mode, so that {@code a10g-on-demand} and {@code a10g-spot-nights} are two rows of a what-if.
 *
 * @param acceleratorCount accelerators in the box
 * @param usableMemoryShare share of the accelerator memory that an engine may plan with, in (0, 1]
 *     (about 0.75 on unified-memory machines; 1 on cards; less on a shared developer machine)
 * @param idleWatts the whole box switched on with a model loaded and no calls
 * @param busyWatts the whole box while serving
 * @param loadGbPerSecond weights from disk to accelerator memory, 1e9 bytes a second
 * @param defaultCandidate whether a review tries it unasked
 */
public record HardwareProfile(
    String id,
    String name,
    Accelerator accelerator,
    int acceleratorCount,
    Figure usableMemoryShare,
    Figure idleWatts,
    Figure busyWatts,
    Figure loadGbPerSecond,
    Acquisition acquisition,
    boolean defaultCandidate,
    String note) {}
