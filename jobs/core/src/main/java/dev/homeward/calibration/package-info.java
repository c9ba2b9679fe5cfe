/**
 * Holds the model of serving against what people measured: rules for which points count, fits, fits
 * held out, tables of errors.
 */
package dev.homeward.calibration;
