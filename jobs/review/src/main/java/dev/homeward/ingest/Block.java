package dev.homeward.ingest;

import java.io.Serializable;

/**
 * Bytes that are sent to one part of the second half of ingest.
 *
 * @param place which part, see {@link BlockLayout}
 */
public record Block(int place, byte[] bytes) implements Serializable {}
