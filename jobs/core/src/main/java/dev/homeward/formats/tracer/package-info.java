/** Spans and observations that applications record of their own calls. Knows records and scan. */
package dev.homeward.formats.tracer;
