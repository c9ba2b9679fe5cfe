/**
 * One adapter class a log format: bytes of a record in, a call or a rejection out. Knows calls and
 * units; never Spark or prices.
 */
package dev.homeward.formats;
