package dev.homeward.ingest;

import java.io.Serializable;

/**
 * Bytes on their way to where they belong.
 *
 * @param place where that is, as {@link BlockLayout} says
 */
public record Block(int place, byte[] bytes) implements Serializable {}
