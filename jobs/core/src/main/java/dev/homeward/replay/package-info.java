/**
 * The event-skipping simulation of logged calls on replicas of a deployment, and its statistics.
 * Knows serving and calls; never money.
 */
package dev.homeward.replay;
