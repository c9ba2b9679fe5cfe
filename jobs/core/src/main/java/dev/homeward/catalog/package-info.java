/**
 * What exists: accelerators, boxes, local models, quantizations, engines, hosted models, prices;
 * every number with a source. Knows units and config; never simulation.
 */
package dev.homeward.catalog;
