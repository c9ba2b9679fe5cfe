/** What a review keeps, and how it appears whole or not at all. */
package dev.homeward.store;
