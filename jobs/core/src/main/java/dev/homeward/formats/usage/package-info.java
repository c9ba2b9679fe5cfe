/** Usage and cost reports: a record is a bucket of many calls. Knows records and scan. */
package dev.homeward.formats.usage;
