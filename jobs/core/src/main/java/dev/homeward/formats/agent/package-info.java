/** Session files of coding agents. Knows records and scan. */
package dev.homeward.formats.agent;
