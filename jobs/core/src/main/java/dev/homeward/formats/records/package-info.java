/**
 * What every adapter shares: what it implements, what it is told about its source, how it fills a
 * call (token counts, ids, names, times), and the sink that takes the result. Knows scan.
 */
package dev.homeward.formats.records;
