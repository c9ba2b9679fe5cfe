/**
 * Cash flows: monthly cost of ownership, net present value, payback, break-even. Knows catalog;
 * never simulation.
 */
package dev.homeward.economics;
