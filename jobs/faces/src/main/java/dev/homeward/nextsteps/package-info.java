/**
 * What an engineer runs to carry a plan out: start commands with the limits that were replayed,
 * units, manifests, the router's configuration, alerts, and kits for the evaluations that wait.
 */
package dev.homeward.nextsteps;
