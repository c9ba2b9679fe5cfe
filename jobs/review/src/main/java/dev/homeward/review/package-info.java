/** A review, whole: check, ingest, profile, decide, write, commit. */
package dev.homeward.review;
