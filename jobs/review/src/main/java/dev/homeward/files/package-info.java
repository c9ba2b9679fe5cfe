/**
 * The files a review reads and writes. Hadoop's file systems stand behind one interface; only this
 * package knows them.
 */
package dev.homeward.files;
