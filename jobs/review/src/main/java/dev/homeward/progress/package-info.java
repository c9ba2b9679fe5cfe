/** What a command is doing, told while it does it. Knows nothing. */
package dev.homeward.progress;
