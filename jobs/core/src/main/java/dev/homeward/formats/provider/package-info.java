/** Objects that the providers' own interfaces answer with. Knows records and scan. */
package dev.homeward.formats.provider;
