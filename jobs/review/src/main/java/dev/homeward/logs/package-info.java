/**
 * Files of logs, what they are, how they are split, and whose their calls are. Knows formats,
 * policy and catalog.
 */
package dev.homeward.logs;
