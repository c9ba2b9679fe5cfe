/**
 * From a deployment to a step time: KV plan, fit check, pass time, load time, watts. Knows catalog;
 * never calls or money.
 */
package dev.homeward.serving;
