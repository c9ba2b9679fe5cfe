/** Public traces of arrival times and lengths. Knows records and scan. */
package dev.homeward.formats.trace;
