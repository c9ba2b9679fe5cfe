/**
 * Tables of databases: which columns of a table say what a call was, and how a month of them is
 * copied to files that the readers of logs know. Knows files and logs, and no review.
 */
package dev.homeward.databases;
