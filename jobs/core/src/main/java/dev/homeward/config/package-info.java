/**
 * Reads the files a user writes: YAML or JSON to trees, JSON Schema validation, every problem at
 * once. Knows only units.
 */
package dev.homeward.config;
