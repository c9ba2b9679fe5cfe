/** What people get: tables, CSV, Parquet, JSON. Knows decision. */
package dev.homeward.report;
