/**
 * The API's spend in the FinOps Open Cost and Usage Specification (FOCUS), versions 1.2 and 1.3, as
 * tools for cloud costs read it. Only what was used of an API: what local hardware would cost is no
 * charge that anybody has.
 */
package dev.homeward.focus;
