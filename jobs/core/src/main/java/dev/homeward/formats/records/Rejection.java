package dev.homeward.formats.records;

import dev.homeward.formats.scan.Reason;

/**
 * A record that could not be read: kept aside with its reason.
 *
 * @param line one-based line in its file, or in its byte range of the file
 * @param detail field, value where it is a number, and the rule
 * @param sample numbers, times and words of closed sets in the record, at most 200 characters;
 *     never texts, keys, users or addresses
 */
public record Rejection(Reason reason, long line, String detail, String sample) {}
