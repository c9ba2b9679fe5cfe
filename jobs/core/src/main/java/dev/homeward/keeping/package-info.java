/** What a review keeps: records of its files, and the one codec that writes and reads them. */
package dev.homeward.keeping;
