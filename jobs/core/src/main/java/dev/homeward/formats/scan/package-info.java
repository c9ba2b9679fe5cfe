/**
 * From bytes to values: lines, JSON, CSV fields, numbers and times, each read strictly. What cannot
 * be read is a {@link RejectedRecord} with a {@link Reason}. Knows units, and of calls only the
 * draft.
 */
package dev.homeward.formats.scan;
