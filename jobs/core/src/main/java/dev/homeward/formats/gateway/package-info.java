/** Logs of proxies that calls pass through on their way to a provider. Knows records and scan. */
package dev.homeward.formats.gateway;
