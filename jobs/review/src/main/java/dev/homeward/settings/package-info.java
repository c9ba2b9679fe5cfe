/**
 * What a review is decided under: policy, evaluations, assumptions, catalog, prices; and scenarios,
 * which change it. Knows no files of logs.
 */
package dev.homeward.settings;
