/** The command line: one class a verb. Knows jobs and the core. */
package dev.homeward.cli;
