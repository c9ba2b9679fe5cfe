/**
 * The figures of a review for whoever watches them: an OpenMetrics text. May know the core only.
 */
package dev.homeward.metrics;
