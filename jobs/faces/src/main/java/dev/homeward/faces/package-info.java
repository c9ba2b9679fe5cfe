/** What a review hands out: the report page, the workbook, files for other tools. */
package dev.homeward.faces;
