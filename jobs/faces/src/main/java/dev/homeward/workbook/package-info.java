/**
 * The workbook of a review, for people who work in spreadsheets. Knows the core and the library
 * that writes the file; nobody but {@code faces} knows it.
 */
package dev.homeward.workbook;
