/**
 * Gates, verdicts, best deployment, ranking, reasons. Knows economics, replay, pricing and policy.
 */
package dev.homeward.decision;
