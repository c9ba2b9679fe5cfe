package dev.homeward.generate;

import dev.homeward.generate.Organisation.Workload;

/** One call, before it is written in a format. */
record Event(
    Workload workload,
    long startMicros,
    int input,
    int cached,
    int written,
    int output,
    long ttftMicros,
    long durationMicros,
    boolean failure,
    boolean cacheHit,
    String id) {}
