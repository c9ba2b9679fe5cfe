/** What logs hold and what is wrong with them, without a review. */
package dev.homeward.validate;
