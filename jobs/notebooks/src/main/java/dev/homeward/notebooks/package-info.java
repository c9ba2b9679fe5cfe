/** What the notebooks draw and tabulate with. Knows nothing of Homeward. */
package dev.homeward.notebooks;
