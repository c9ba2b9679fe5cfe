/** Records as JSON: between the tasks of a job, and in the files of a review. Knows nothing. */
package dev.homeward.wire;
