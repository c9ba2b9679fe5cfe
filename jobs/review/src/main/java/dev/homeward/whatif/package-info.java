/** A review decided anew under other settings, from its directory alone. */
package dev.homeward.whatif;
