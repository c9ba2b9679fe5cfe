/**
 * The steps of a review on Spark: the only package that names it. Knows the workers and their
 * steps.
 */
package dev.homeward.spark;
