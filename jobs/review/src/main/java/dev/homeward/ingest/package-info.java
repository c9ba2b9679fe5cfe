/**
 * From bytes of logs to calls/, as pure functions: parse, find copies, write, and the sums of usage
 * reports. Who runs them, where and on how many machines, is not known here.
 */
package dev.homeward.ingest;
