/** JMH benchmarks of the inner loops: the replay and the adapters. */
package dev.homeward.benchmarks;
