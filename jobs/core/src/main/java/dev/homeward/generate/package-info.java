/**
 * The made-up organisation behind sample-logs, seeded. Knows calls and units; used by nothing but
 * the command line and tests.
 */
package dev.homeward.generate;
