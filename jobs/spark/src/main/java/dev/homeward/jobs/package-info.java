/** Spark jobs: ingest, spend, replay, review. With cli the only packages that know Spark. */
package dev.homeward.jobs;
