/** The report that people look at: report.json, and report.html made from it. */
package dev.homeward.page;
