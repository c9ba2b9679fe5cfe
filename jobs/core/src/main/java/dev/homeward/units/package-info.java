/**
 * Amounts and the words for how well they are known: nano-dollars, confidence. Knows nothing else.
 */
package dev.homeward.units;
