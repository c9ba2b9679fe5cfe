/** Homeward's own record. Knows records and scan. */
package dev.homeward.formats.canonical;
