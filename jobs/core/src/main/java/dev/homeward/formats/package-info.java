/**
 * Reads logs: tells the format of a file ({@link dev.homeward.formats.FormatDetection}), lists the
 * formats ({@link dev.homeward.formats.LogFormat}) and reads records into a sink ({@link
 * dev.homeward.formats.LogReader}). Each format is one adapter class in a package below, named by
 * where its log was taken: provider, gateway, cloud, agent, tracer, usage report, public trace. The
 * adapters know {@code records} and {@code scan} and never each other's packages. Nothing here
 * knows Spark or prices.
 */
package dev.homeward.formats;
