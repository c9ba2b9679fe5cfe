/**
 * Who does the work of a review: ingest, profiles and replays, on threads of this machine or
 * elsewhere. Knows the steps, never how a review is put together.
 */
package dev.homeward.workers;
