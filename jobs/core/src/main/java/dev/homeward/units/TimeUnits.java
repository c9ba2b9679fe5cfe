package dev.homeward.units;

/**
 * Constants of time: the log counts microseconds since 1970, a replay's clock picoseconds since its
 * first arrival.
 */
public final class TimeUnits {
  public static final long MICROS_PER_MILLI = 1_000L;
  public static final long MICROS_PER_SECOND = 1_000_000L;
  public static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
  public static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
  public static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  public static final long NANOS_PER_MICRO = 1_000L;
  public static final long NANOS_PER_SECOND = 1_000_000_000L;
  public static final long NANOS_PER_HOUR = 3_600 * NANOS_PER_SECOND;

  public static final long PICOS_PER_NANO = 1_000L;
  public static final long PICOS_PER_MICRO = 1_000_000L;
  public static final long PICOS_PER_SECOND = 1_000_000_000_000L;
  public static final long PICOS_PER_HOUR = 3_600 * PICOS_PER_SECOND;

  public static final double SECONDS_PER_MICRO = 1e-6;
  public static final double SECONDS_PER_NANO = 1e-9;

  private TimeUnits() {}
}
