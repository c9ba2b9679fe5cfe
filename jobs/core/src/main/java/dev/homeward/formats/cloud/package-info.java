/** Logs that clouds keep of the models they host. Knows records and scan. */
package dev.homeward.formats.cloud;
