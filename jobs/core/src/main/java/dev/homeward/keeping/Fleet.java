package dev.homeward.keeping;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.homeward.calls.ApiLine;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.ServiceTier;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayOptions.PrefixCache.Rule;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A replayed fleet as it is kept and as it travels between machines; the parts have their keys
 * beside one another. Times are microseconds. What each figure is: {@link ReplayOptions}, {@link
 * ReplayResult}.
 *
 * @param hours by hour since the first call; empty where nobody keeps them
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Fleet(
    @JsonUnwrapped Options options,
    @JsonUnwrapped Work work,
    @JsonUnwrapped Times times,
    @JsonUnwrapped Load load,
    Optional<Hours> hours) {

  /**
   * How it was replayed.
   *
   * @param prefixCacheInSession empty where what replicas still held of sessions was not replayed
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Options(
      int replicas,
      int inFlightCap,
      boolean prefixCacheAsLogged,
      double prefixCacheShare,
      OptionalDouble prefixCacheInSession,
      long ttftP95LimitUs,
      long tpotP95LimitUs,
      long e2eP95LimitUs,
      long completeWithinUs,
      int hoursPerDay,
      int startHour,
      long dayOffsetUs,
      long releaseAfterUs,
      long coldStartUs) {
    private static Options of(ReplayOptions o) {
      return new Options(
          o.replicas(),
          o.inFlightCap(),
          o.prefixCache().rule() == Rule.AS_LOGGED,
          o.prefixCache().share(),
          o.prefixCache().rule() == Rule.REPLAYED
              ? OptionalDouble.of(o.prefixCache().inSession())
              : OptionalDouble.empty(),
          o.serviceLevel().ttftP95Micros(),
          o.serviceLevel().tpotP95Micros(),
          o.serviceLevel().e2eP95Micros(),
          o.serviceLevel().completeWithinMicros(),
          o.hoursPerDay(),
          o.startHour(),
          o.dayOffsetMicros(),
          o.releaseAfterMicros(),
          o.coldStartMicros());
    }

    private ReplayOptions.PrefixCache prefixCache() {
      if (prefixCacheInSession.isPresent()) {
        return ReplayOptions.PrefixCache.replayed(
            prefixCacheInSession.getAsDouble(), prefixCacheShare);
      }
      return prefixCacheAsLogged
          ? new ReplayOptions.PrefixCache(Rule.AS_LOGGED, prefixCacheShare, 0)
          : ReplayOptions.PrefixCache.ofPrompts(prefixCacheShare);
    }

    private ReplayOptions replayed(boolean closedLoop) {
      return new ReplayOptions(
          replicas,
          inFlightCap,
          prefixCache(),
          new ServiceLevel(ttftP95LimitUs, tpotP95LimitUs, e2eP95LimitUs, completeWithinUs),
          hoursPerDay,
          startHour,
          dayOffsetUs,
          closedLoop,
          releaseAfterUs,
          coldStartUs);
    }
  }

  /**
   * Calls and where they went.
   *
   * @param prefix empty in reviews of 0.1.0
   * @param apiUse what goes to the API, by line of its bill; empty where nothing does, and in
   *     reviews of 0.1.0
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Work(
      long calls,
      long localCalls,
      long overflowCalls,
      long tooLongCalls,
      Optional<List<Line>> apiUse,
      long promptTokens,
      long outputTokens,
      Optional<Prefix> prefix) {}

  /** Prompt tokens of local calls that the log says, and the replay has, from a prefix cache. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Prefix(long loggedTokens, long inSessionTokens, long foundTokens) {}

  /** A line of the API's bill. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Line(
      String hostedModel,
      String provider,
      String serviceTier,
      long aboveInputTokens,
      long upToInputTokens,
      long calls,
      long inputTokens,
      long cacheReadTokens,
      @JsonProperty("cache_write_5m_tokens") long cacheWrite5mTokens,
      @JsonProperty("cache_write_1h_tokens") long cacheWrite1hTokens,
      long outputTokens,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong audioInputTokens,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong audioOutputTokens,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong webSearches) {
    private static Line of(ApiLine line, ApiUse.Amount amount) {
      return new Line(
          line.hostedModel(),
          line.provider(),
          line.tier().word(),
          line.aboveInput(),
          line.upToInput(),
          amount.calls(),
          amount.input(),
          amount.cacheRead(),
          amount.cacheWrite5m(),
          amount.cacheWrite1h(),
          amount.output(),
          unlessNone(amount.audioInput()),
          unlessNone(amount.audioOutput()),
          unlessNone(amount.webSearches()));
    }

    private static OptionalLong unlessNone(long count) {
      return count == 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }

    private ApiLine line() {
      return new ApiLine(
          hostedModel,
          provider,
          ServiceTier.valueOf(serviceTier.toUpperCase(Locale.ROOT)),
          aboveInputTokens,
          upToInputTokens);
    }

    private ApiUse.Amount amount() {
      return new ApiUse.Amount(
          calls,
          inputTokens,
          cacheReadTokens,
          cacheWrite5mTokens,
          cacheWrite1hTokens,
          outputTokens,
          audioInputTokens.orElse(0),
          audioOutputTokens.orElse(0),
          webSearches.orElse(0));
    }
  }

  /** Times that calls took. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Times(
      double ttftMeanUs,
      OptionalLong ttftP50Us,
      OptionalLong ttftP95Us,
      OptionalLong ttftP99Us,
      OptionalLong tpotP50Us,
      OptionalLong tpotP95Us,
      OptionalLong tpotP99Us,
      OptionalLong e2eP50Us,
      OptionalLong e2eP95Us,
      OptionalLong e2eP99Us,
      double sloAttainment,
      boolean meetsServiceLevel) {}

  /**
   * How busy it was.
   *
   * @param cut whether it was replayed only until its service level was missed; empty: to the end
   * @param replayedShare of the calls, where some days stand for the others; empty: all
   * @param busyByClock 24 hours of weekdays, then 24 of weekends; decisions.json leaves it out
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Load(
      double utilization,
      long busyNs,
      double busyLoad,
      long upNs,
      long observedNs,
      long peakInFlight,
      long peakQueue,
      double kvPeakShare,
      long preemptions,
      long coldStarts,
      long refusedCalls,
      boolean closedLoop,
      boolean saturated,
      Optional<Boolean> cut,
      OptionalDouble replayedShare,
      Optional<float[]> busyByClock) {}

  /** Hour by hour. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Hours(float[] busyShare, int[] calls, int[] withinLevel, int[] overflow) {}

  /** Everything of a fleet; {@link #replayed} gives it back. */
  public static Fleet of(Sizing.ReplayedFleet fleet) {
    ReplayResult r = fleet.result();
    List<Line> apiUse = new ArrayList<>();
    r.apiUse().byLine().forEach((line, amount) -> apiUse.add(Line.of(line, amount)));
    ReplayResult.Hours h = r.hours();
    return new Fleet(
        Options.of(fleet.options()),
        new Work(
            r.calls(),
            r.localCalls(),
            r.overflowCalls(),
            r.tooLongCalls(),
            apiUse.isEmpty() ? Optional.empty() : Optional.of(apiUse),
            r.promptTokens(),
            r.outputTokens(),
            r.prefix()
                .map(p -> new Prefix(p.loggedTokens(), p.inSessionTokens(), p.foundTokens()))),
        new Times(
            r.ttftMeanMicros(),
            r.ttftP50Micros(),
            r.ttftP95Micros(),
            r.ttftP99Micros(),
            r.tpotP50Micros(),
            r.tpotP95Micros(),
            r.tpotP99Micros(),
            r.e2eP50Micros(),
            r.e2eP95Micros(),
            r.e2eP99Micros(),
            r.sloAttainment(),
            r.meetsServiceLevel()),
        new Load(
            r.utilization(),
            r.busyNanos(),
            r.busyLoad(),
            r.upNanos(),
            r.observedNanos(),
            r.peakInFlight(),
            r.peakQueue(),
            r.kvPeakShare(),
            r.preemptions(),
            r.coldStarts(),
            r.refusedCalls(),
            r.closedLoop(),
            r.saturated(),
            r.cut() ? Optional.of(true) : Optional.empty(),
            r.isSampled() ? OptionalDouble.of(r.replayedShare()) : OptionalDouble.empty(),
            Optional.of(r.busyByClock())),
        h.equals(ReplayResult.Hours.NONE)
            ? Optional.empty()
            : Optional.of(new Hours(h.busyShare(), h.calls(), h.withinLevel(), h.overflow())));
  }

  /** The same without its hours. */
  public Fleet withoutHours() {
    return new Fleet(options, work, times, load, Optional.empty());
  }

  /** The same with figures of the whole alone: neither hours nor hours of the clock. */
  public Fleet withoutClock() {
    Load l = load;
    return new Fleet(
        options,
        work,
        times,
        new Load(
            l.utilization,
            l.busyNs,
            l.busyLoad,
            l.upNs,
            l.observedNs,
            l.peakInFlight,
            l.peakQueue,
            l.kvPeakShare,
            l.preemptions,
            l.coldStarts,
            l.refusedCalls,
            l.closedLoop,
            l.saturated,
            l.cut,
            l.replayedShare,
            Optional.empty()),
        Optional.empty());
  }

  /** The fleet of {@link #of}. */
  public Sizing.ReplayedFleet replayed() {
    Map<ApiLine, ApiUse.Amount> byLine = new TreeMap<>();
    work.apiUse.orElse(List.of()).forEach(line -> byLine.put(line.line(), line.amount()));
    return new Sizing.ReplayedFleet(
        options.replayed(load.closedLoop),
        new ReplayResult(
            work.calls,
            work.localCalls,
            work.overflowCalls,
            work.tooLongCalls,
            ApiUse.of(byLine),
            work.promptTokens,
            work.outputTokens,
            work.prefix.map(
                p -> new ReplayResult.PrefixUse(p.loggedTokens, p.inSessionTokens, p.foundTokens)),
            times.ttftMeanUs,
            times.ttftP50Us,
            times.ttftP95Us,
            times.ttftP99Us,
            times.tpotP50Us,
            times.tpotP95Us,
            times.tpotP99Us,
            times.e2eP50Us,
            times.e2eP95Us,
            times.e2eP99Us,
            times.sloAttainment,
            times.meetsServiceLevel,
            load.utilization,
            load.busyNs,
            load.busyLoad,
            load.upNs,
            load.observedNs,
            load.busyByClock.orElseGet(() -> new float[0]),
            hours
                .map(h -> new ReplayResult.Hours(h.busyShare, h.calls, h.withinLevel, h.overflow))
                .orElse(ReplayResult.Hours.NONE),
            load.peakInFlight,
            load.peakQueue,
            load.kvPeakShare,
            load.preemptions,
            load.coldStarts,
            load.refusedCalls,
            load.closedLoop,
            load.saturated,
            load.cut.orElse(false),
            load.replayedShare.orElse(1)));
  }
}
