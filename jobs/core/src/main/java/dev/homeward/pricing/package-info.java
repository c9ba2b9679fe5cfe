/**
 * What the API charged: token totals times the price valid at the time. Knows catalog and calls;
 * never hardware.
 */
package dev.homeward.pricing;
