/**
 * Who owns which call, data classes, service levels, candidates, evaluation evidence. Knows calls
 * and config.
 */
package dev.homeward.policy;
