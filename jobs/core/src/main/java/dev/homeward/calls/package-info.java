/**
 * The clean log: what a call is, and calls/ as Parquet and as tapes. Knows units; never where a
 * call came from.
 */
package dev.homeward.calls;
