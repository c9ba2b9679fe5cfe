package dev.homeward.formats.mapped;

/**
 * What a table does not say of itself.
 *
 * @param mustBeAnswered whether the table cannot be read right without an answer; else it is read
 *     without what is asked for
 * @param text what is asked, and why it matters
 * @param answer the line, or lines, of the mapping that answer it
 */
public record Question(boolean mustBeAnswered, String text, String answer) {}
