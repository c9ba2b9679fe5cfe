/**
 * Reads tables that people made themselves: what their columns mean is told by a mapping, which a
 * user wrote or which was derived from the names and values of the columns. Knows records, scan and
 * config.
 */
package dev.homeward.formats.mapped;
