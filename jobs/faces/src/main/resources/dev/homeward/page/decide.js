/*
 * The decision of a review under other money, from the replays that the review holds. Written after the program's package
 * decision: Weighing, Decider, VolumeStudy, PrefixStudy, SharedFleets, FleetNeeds, Portfolio, Planner, PlanSteps and
 * PlanFutures, each under its own name. A question that the replays do not answer throws Unknown: nothing is guessed.
 */
const Decide = (() => {
  'use strict';

  class Unknown extends Error {}

  const MILLIS_PER_HOUR = 3.6e6;
  const ABOUT_THE_SAME = 1.02;
  const NO_LONGER_MATTERS = ABOUT_THE_SAME * ABOUT_THE_SAME;
  const MEETS = 1, SERVES_LOCALLY = 2, AT_API = 8, PREFIX_OPEN = 16, IN_SESSION = 32, NOT_ALL_IN_SESSION = 64;
  const PROVEN = 1, TOO_SLOW = 2;
  const API = -1;
  const NO_ONE = Number.NEGATIVE_INFINITY;
  const compare = (a, b) => a < b ? -1 : a > b ? 1 : 0;

  // ---- What the review holds ----

  /** Settings over those of the review, by the paths that whatif takes; throws Unknown for others. */
  function settings(money, sets) {
    const keys = {...money.assumptions};
    const boxes = money.boxes.map(box => ({...box}));
    for (const [path, value] of Object.entries(sets)) {
      const key = path.slice(path.indexOf('.') + 1);
      if (path.startsWith('assumptions.') && money.settable.includes(key)) {
        keys[key] = value;
        continue;
      }
      const last = key.lastIndexOf('.');
      const box = boxes.find(b => b.id === key.slice(0, last));
      const figure = key.slice(last + 1);
      if (!path.startsWith('hardware.') || !box || figure !== box.figure) {
        throw new Unknown('The page cannot tell what ' + path + ' changes.');
      }
      // Whoever says what it costs does not mean the range of others' offers.
      box.usd = value;
      delete box.low_usd;
      delete box.high_usd;
    }
    return {a: Money.terms(keys), boxes};
  }

  function answersOf(money) {
    const known = new Map();
    for (const [workloads, on, volume, prefix, most, fleets] of money.answers) {
      const key = question(workloads, on, volume, prefix ? prefix.join('/') : '');
      if (!known.has(key)) {
        known.set(key, []);
      }
      known.get(key).push({most, fleets});
    }
    known.forEach(entries => entries.sort((x, y) => x.most - y.most));
    return known;
  }

  function question(workloads, on, volume, prefix) {
    return on + '|' + volume + '|' + prefix + '|' + workloads.join(',');
  }

  const meets = f => (f[2] & MEETS) !== 0;
  const callsAtApi = f => (f[2] & AT_API) !== 0;
  const hasNoCap = f => f[1] === 0;

  // CachedReplays: what was tried with another bound tells this one too.
  function answer(known, key, most) {
    const entries = known.get(key) || [];
    const exact = entries.find(e => e.most === most);
    if (exact) {
      return exact.fleets;
    }
    const less = entries.find(e => e.most < most && e.fleets.some(f => meets(f) && hasNoCap(f)));
    if (less) {
      return less.fleets;
    }
    const more = entries.find(e => e.most > most);
    if (more) {
      return more.fleets.filter(f => f[0] <= most || !meets(f));
    }
    throw new Unknown('The review holds no replay of a fleet that this setting asks for.');
  }

  /** Everything that stays the same while one setting is looked at. */
  function context(money, sets) {
    const {a, boxes} = settings(money, sets);
    const known = money.known || (money.known = answersOf(money));
    const volumeFactor = a['volume-factor'];
    const workloads = money.workloads.map((w, number) => ({
      ...w,
      number,
      forecast: w.forecast_usd === undefined ? null
        : w.forecast_usd / money.coverage * a['api-price-factor'] * volumeFactor,
      growth: a['growth-per-month'] === 'from-log' ? w.growth
        : Money.spread(a['growth-per-month']).map(x => Math.log1p(x)),
    }));
    const c = {money, a, boxes, known, volumeFactor, workloads, ratesKept: new Map(), futures: Money.futures(a)};
    c.bill = billOf(c);
    c.prefix = prefixCaches(a);
    return c;
  }

  // ReplayRequest: what the policy says of boxes bounds it.
  function ask(c, members, on, perBox, volume, most, prefix) {
    const named = Math.min(...members.flatMap(w => [w.boxes, w.most_boxes].filter(x => x !== undefined)));
    const least = Math.max(0, ...members.map(w => w.boxes || 0));
    let bound = most;
    if (named < Infinity) {
      bound = least > 0 ? named * perBox : Math.min(most, named * perBox);
    }
    const key = prefix && !c.prefix.isExpected(prefix) ? prefix.join('/') : '';
    return answer(c.known, question(members.map(w => w.number), on, volume, key), bound);
  }

  function replicasOf(perBox, boxes, limit) {
    let rounded = 1;
    while (rounded < boxes && rounded < limit) {
      rounded *= 2;
    }
    return Math.min(limit, rounded * perBox);
  }

  function prefixCaches(a) {
    const replayed = a['prefix-cache'] === 'replayed';
    const clip = x => Math.max(0, Math.min(1, x));
    const inSession = Money.spread(a['prefix-found-in-session']);
    const without = Money.spread(a['prefix-found-without-session']);
    const at = z => [clip(Money.at(inSession, z)), clip(Money.at(without, z))];
    const expected = at(0);
    return {
      replayed, at, expected, half: [expected[0] / 2, expected[1] / 2],
      isExpected: p => p[0] === expected[0] && p[1] === expected[1],
    };
  }

  // ---- Agreements with providers (ApiBill) ----

  function billOf(c) {
    const agreements = c.money.agreements;
    const totals = new Map();
    for (const w of c.workloads) {
      if (agreements.length > 0 && w.metered && w.forecast !== null) {
        Object.entries(w.providers).forEach(([p, share]) => totals.set(p, (totals.get(p) || 0) + share * w.forecast));
      }
    }
    const billed = (agreement, list) => {
      let percent = 0;
      agreement.tiers.forEach(tier => {
        percent = list >= tier.from_monthly_usd ? tier.percent_off : percent;
      });
      return Math.max(agreement.monthly_commitment_usd, list * (1 - percent / 100));
    };
    const saved = leaving => {
      let total = 0;
      const gone = new Map();
      for (const [w, usd] of leaving) {
        total += usd;
        Object.entries(w.providers || {}).forEach(([p, share]) => gone.set(p, (gone.get(p) || 0) + share * usd));
      }
      for (const agreement of agreements) {
        const all = totals.get(agreement.provider) || 0;
        const less = gone.get(agreement.provider) || 0;
        total += billed(agreement, all) - billed(agreement, all - less) - less;
      }
      return total;
    };
    return {
      has: agreements.length > 0,
      saved,
      effect: (w, usd) => agreements.length === 0 ? 0 : saved([[w, usd]]) - usd,
    };
  }

  // ---- Weigher ----

  const placeOf = candidate => candidate.d.model + '/' + candidate.box.id;

  function candidatesOf(c, w) {
    return c.money.candidates[w.candidates].map(([variant, rung, flags]) => {
      const [on, perReplica, step, noBetter] = c.money.variants[variant];
      const d = c.money.deployments[on];
      const box = c.boxes[d.box];
      return {on, d, box, rung, proven: (flags & PROVEN) !== 0, tooSlow: (flags & TOO_SLOW) !== 0,
        perReplica, perBox: Math.floor(box.accelerators / perReplica), step, noBetter};
    });
  }

  const isFallback = w => !w.must_be_local && w.forecast !== null;

  function rates(c, box, use) {
    if (c.a['electricity-tariff'].length > 0) {
      return Money.ratesOf(c.a, box, use);
    }
    const key = box.id + '|' + use.hardest + '|' + use.fallback;
    if (!c.ratesKept.has(key)) {
      c.ratesKept.set(key, Money.ratesOf(c.a, box, use));
    }
    return c.ratesKept.get(key);
  }

  function useOf(c, w, box, perBox, f, volume) {
    const boxes = Math.floor((f[0] + perBox - 1) / perBox);
    const hours = c.money.hours;
    return {
      boxes, monthHours: hours,
      busyBoxHours: Math.min(f[3] / MILLIS_PER_HOUR / perBox / c.money.coverage, boxes * hours),
      busyLoad: f[4], clock: f[8],
      apiUsd: (w.forecast === null ? 0 : w.forecast) * volume,
      hardest: isFallback(w) ? w.hardest_share : 0,
      fallback: isFallback(w),
      upBoxHours: box.release_after_minutes > 0
        ? Math.min(f[5] / MILLIS_PER_HOUR / c.money.coverage, boxes * hours) : 0,
    };
  }

  function idleUse(c, w) {
    return {boxes: 1, monthHours: c.money.hours, busyBoxHours: 0, busyLoad: 0, clock: null, apiUsd: w.forecast || 0,
      hardest: isFallback(w) ? w.hardest_share : 0, fallback: isFallback(w), upBoxHours: 0};
  }

  const noUse = c => ({monthHours: c.money.hours, clock: null, hardest: 0, fallback: false});

  // What calls at the API cost a month because they overflow or are too long; null if one of them has no price.
  function overflowUsd(c, w, f) {
    return f[7] === null ? null
      : f[7] / c.money.coverage * c.a['api-price-factor'] * (1 - w.hardest_share);
  }

  function idleUsd(c, w, candidate, boxes) {
    const r = rates(c, candidate.box, idleUse(c, w));
    return Money.monthlyUsd(r, boxes, 0, 0, 0, 1, w.forecast || 0);
  }

  function weigh(c, w, candidate, f) {
    const spot = candidate.box.mode === 'spot' && c.a['spot-interruptions-per-box-month'] > 0;
    const fell = (f[2] & SERVES_LOCALLY) === 0 ? 'context_too_long' : !meets(f) ? 'misses_service_level'
      : !w.may_overflow && callsAtApi(f) || w.must_be_local && spot ? 'overflow_not_allowed' : '';
    const alternative = {candidate, f, proven: candidate.proven, rung: candidate.rung, viable: !fell, fell,
      cost: null, overflow: 0, agreement: 0, saving: null, total: 0};
    // What falls out is not priced: nothing that is chosen depends on it.
    if (fell) {
      return alternative;
    }
    const use = useOf(c, w, candidate.box, candidate.perBox, f, 1);
    const r = rates(c, candidate.box, use);
    const paid = Money.paidOnce;
    const local = Money.monthlyUsd(r, use.boxes, use.busyBoxHours, use.busyLoad, use.upBoxHours, 1, use.apiUsd);
    alternative.cost = {
      monthlyUsd: local,
      initialUsd: paid(r, r.initial, use.boxes, 1, 0),
      residualUsd: paid(r, r.residual, use.boxes, 1, 0),
      runningUsd: local - paid(r, r.atStart, use.boxes, 1, 0),
      boxes: use.boxes,
    };
    alternative.overflow = overflowUsd(c, w, f);
    if (w.forecast !== null && alternative.overflow !== null) {
      const stays = alternative.overflow + Money.awayShare(r) * w.forecast;
      alternative.agreement = w.metered ? c.bill.effect(w, w.forecast - stays) : 0;
      alternative.saving = w.forecast - local - alternative.overflow + alternative.agreement;
    }
    alternative.total = alternative.overflow === null ? null
      : local + alternative.overflow - alternative.agreement;
    return alternative;
  }

  // ---- Weighing: which candidates are replayed, and what they come to ----

  function weighing(c, w) {
    const possible = w.replayable ? candidatesOf(c, w) : [];
    const least = new Map(possible.map(p => [p, idleUsd(c, w, p, 1)]));
    const alternatives = [];
    const served = new Map();
    const missed = new Map();
    let pending = [...possible].sort((x, y) => least.get(x) - least.get(y));
    const prune = !c.bill.has;
    if (prune) {
      pending = pending.filter(p => !p.tooSlow);
    }

    function cheapestBefore(candidate) {
      const cannotSave = !w.must_be_local && w.forecast !== null && least.get(candidate) >= w.forecast;
      let cheapest = null;
      served.forEach(all => all.forEach(x => {
        if ((x.proven || (!candidate.proven && (cannotSave || x.rung >= candidate.rung))) && x.total !== null
            && (cheapest === null || x.total < cheapest)) {
          cheapest = x.total;
        }
      }));
      return cheapest;
    }

    function anotherFormatWillDo(candidate, bound) {
      return (served.get(placeOf(candidate)) || []).some(x =>
        x.candidate.d.format <= candidate.d.format && x.total !== null && x.total <= ABOUT_THE_SAME * bound);
    }

    function drop() {
      for (let i = pending.length - 1; i >= 0; i--) {
        const p = pending[i];
        if ((missed.get(placeOf(p)) || []).some(m => p.noBetter.includes(m.on))) {
          pending.splice(i, 1);
        }
      }
      for (let i = pending.length - 1; i >= 0; i--) {
        const bound = least.get(pending[i]);
        const cheapest = cheapestBefore(pending[i]);
        if (anotherFormatWillDo(pending[i], bound) || (cheapest !== null && cheapest * NO_LONGER_MATTERS < bound)) {
          pending.splice(i, 1);
        }
      }
    }

    function next() {
      if (!prune) {
        return pending.splice(0);
      }
      drop();
      const taken = [];
      const places = new Set();
      for (const candidate of [...pending]) {
        if (taken.length === 6) {
          break;
        }
        const place = placeOf(candidate);
        if (!places.has(place)) {
          places.add(place);
          let one = candidate;
          if (missed.has(place)) {
            pending.filter(o => placeOf(o) === place && o.d.engine === candidate.d.engine).forEach(o => {
              one = o.step < one.step ? o : one;
            });
          }
          taken.push(one);
          pending.splice(pending.indexOf(one), 1);
        }
      }
      return taken;
    }

    function mostReplicas(candidate, limit) {
      const best = prune ? cheapestBefore(candidate) : null;
      if (best === null) {
        return limit;
      }
      const more = idleUsd(c, w, candidate, 2) - idleUsd(c, w, candidate, 1);
      const boxes = more <= 0 ? limit : 1 + (best * NO_LONGER_MATTERS - least.get(candidate)) / more;
      return replicasOf(candidate.perBox, boxes, limit);
    }

    for (let round = next(); round.length > 0; round = next()) {
      // All questions of a round are put before any answer is looked at.
      const bounds = round.map(p => mostReplicas(p, c.a['most-replicas']));
      round.forEach((p, i) => {
        const fleets = ask(c, [w], p.on, p.perBox, c.volumeFactor, bounds[i], null);
        let serves = false;
        for (const f of fleets) {
          const x = weigh(c, w, p, f);
          serves = serves || x.fell !== 'misses_service_level';
          alternatives.push(x);
          if (x.viable) {
            served.set(placeOf(p), (served.get(placeOf(p)) || []).concat(x));
          }
        }
        if (!serves) {
          missed.set(placeOf(p), (missed.get(placeOf(p)) || []).concat(p));
        }
      });
    }
    return {w, possible, alternatives};
  }

  // ---- Decider ----

  const totalOf = x => x.cost ? x.total : null;

  function bestFirst(x, y) {
    if (x.viable !== y.viable) {
      return x.viable ? -1 : 1;
    }
    const tx = totalOf(x);
    const ty = totalOf(y);
    if ((tx === null) !== (ty === null)) {
      return tx === null ? 1 : -1;
    }
    return compare(tx || 0, ty || 0)
      || compare(x.candidate.d.model, y.candidate.d.model)
      || compare(x.candidate.box.id, y.candidate.box.id)
      || compare(x.candidate.d.quantization, y.candidate.d.quantization)
      || compare(x.candidate.d.engine, y.candidate.d.engine)
      || compare(x.f[0], y.f[0])
      || compare(x.f[1] || Infinity, y.f[1] || Infinity);
  }

  // Of a model's formats on a box that cost about the same, the one that loses least.
  function settled(alternatives) {
    const places = new Map();
    alternatives.filter(x => x.viable && x.total !== null).forEach(x => {
      const place = placeOf(x.candidate);
      places.set(place, (places.get(place) || []).concat(x));
    });
    const taken = new Map();
    places.forEach((formats, place) => {
      const least = Math.min(...formats.map(x => x.total));
      taken.set(place, Math.min(...formats.filter(x => x.total <= ABOUT_THE_SAME * least)
          .map(x => x.candidate.d.format)));
    });
    return alternatives.map(x => {
      const format = taken.get(placeOf(x.candidate));
      return format !== undefined && x.viable && x.candidate.d.format > format
        ? {...x, viable: false, fell: 'loses_more'} : x;
    }).sort(bestFirst);
  }

  const saves = x => (x.saving || 0) > 0;

  function decideOne(c, w, weighed, unlikely) {
    const sorted = settled(weighed.alternatives);
    const proven = sorted.find(x => x.viable && x.proven) || null;
    const byRung = new Map();
    sorted.filter(x => x.viable && !x.proven).forEach(x => {
      if (!byRung.has(x.rung)) {
        byRung.set(x.rung, x);
      }
    });
    const rungs = [...byRung.values()].sort((x, y) => y.rung - x.rung);
    const unproven = rungs[0] || null;
    const toEvaluate = rungs.find(x => saves(x) && !unlikely.has(x)) || null;
    let verdict;
    let chosen;
    if (!w.metered && !w.must_be_local) {
      verdict = 'KEEP_API';
      chosen = proven || toEvaluate || unproven;
    } else if (!proven && !unproven) {
      verdict = w.must_be_local || (w.tried && w.replayable) ? 'INFEASIBLE' : 'KEEP_API';
      chosen = null;
    } else if (w.must_be_local) {
      verdict = 'MUST_MOVE';
      chosen = proven || unproven;
    } else if (w.forecast === null) {
      verdict = 'KEEP_API';
      chosen = proven || unproven;
    } else if (proven && saves(proven) && !unlikely.has(proven)) {
      chosen = proven;
      verdict = callsAtApi(proven.f) ? 'MOVE_WITH_OVERFLOW' : 'MOVE';
    } else if (toEvaluate) {
      chosen = toEvaluate;
      verdict = 'EVALUATE_FIRST';
    } else {
      verdict = 'KEEP_API';
      chosen = (proven && unlikely.has(proven) ? proven : null)
        || rungs.find(x => unlikely.has(x)) || sorted.find(x => x.viable) || null;
    }
    let saving = chosen ? chosen.saving : null;
    let cash = null;
    if (saving !== null && !w.metered) {
      saving = 0;
    } else if (saving !== null) {
      cash = {initialUsd: chosen.cost.initialUsd, residualUsd: chosen.cost.residualUsd,
        monthlyNetUsd: w.forecast - chosen.cost.runningUsd - chosen.overflow + chosen.agreement};
    }
    return {w, verdict, chosen, saving, cash, sorted, outlook: null, curve: null, moved: null, waiting: null};
  }

  // ---- VolumeCurve, VolumeStudy ----

  class Curve {
    constructor(points, busyLoad, hours, prefixes) {
      this.points = points;
      this.load = busyLoad;
      this.hours = hours;
      this.prefixes = prefixes || null;
    }

    withPrefixCache(z) {
      return this.prefixes ? this.prefixes(z, this) : this;
    }

    busyLoad() {
      return this.load;
    }

    // [the point below, that at or above, how far between], or the outermost one alone.
    around(load) {
      let next = 0;
      while (this.points[next].volume < load) {
        next++;
      }
      const high = this.points[next];
      const low = this.points[next - 1];
      return next === 0 ? [null, high, 0] : [low, high, (load - low.volume) / (high.volume - low.volume)];
    }

    last() {
      return this.points[this.points.length - 1];
    }

    boxes(load) {
      const last = this.last();
      if (load >= last.volume) {
        return Math.ceil(last.boxes * load / last.volume - 1e-9);
      }
      const [low, high, part] = this.around(load);
      return low === null ? high.boxes : Math.ceil(low.boxes + part * (high.boxes - low.boxes) - 1e-9);
    }

    busyBoxHours(load) {
      const last = this.last();
      let busy;
      if (load >= last.volume) {
        busy = last.busyBoxHours * load / last.volume;
      } else {
        const [low, high, part] = this.around(load);
        busy = low === null ? high.busyBoxHours * load / high.volume
          : low.busyBoxHours + part * (high.busyBoxHours - low.busyBoxHours);
      }
      return Math.min(busy, this.boxes(load) * this.hours);
    }

    upBoxHours(load) {
      const last = this.last();
      if (load >= last.volume) {
        return Math.min(last.upBoxHours * load / last.volume, this.boxes(load) * this.hours);
      }
      const [low, high, part] = this.around(load);
      return low === null ? high.upBoxHours : low.upBoxHours + part * (high.upBoxHours - low.upBoxHours);
    }

    overflowShare(load) {
      const last = this.last();
      if (load >= last.volume) {
        return last.overflowShare;
      }
      const [low, high, part] = this.around(load);
      return low === null ? high.overflowShare
        : low.overflowShare + part * (high.overflowShare - low.overflowShare);
    }
  }

  const GRID = [0.25, 0.5, 1, 2, 4];
  const MOST_CALLS = 500000;

  // The cheapest of the fleets of a volume; null if none serves as it must.
  function bestOf(c, w, candidate, volume, fleets) {
    let best = null;
    for (const f of fleets) {
      if (!meets(f) || (!w.may_overflow && callsAtApi(f))) {
        continue;
      }
      const use = useOf(c, w, candidate.box, candidate.perBox, f, volume);
      const overflow = overflowUsd(c, w, f);
      if (overflow === null) {
        continue;
      }
      const api = (w.forecast || 0) * volume;
      const local = Money.monthlyUsd(rates(c, candidate.box, use), use.boxes, use.busyBoxHours, use.busyLoad,
          use.upBoxHours, 1, api);
      const saving = api - local - overflow;
      if (best === null || saving > best.point.saving) {
        best = {f, busyLoad: use.busyLoad, point: {volume, boxes: use.boxes, replicas: f[0],
          busyBoxHours: use.busyBoxHours, upBoxHours: use.upBoxHours,
          overflowShare: api === 0 ? 0 : overflow / api, saving, costUsd: local + overflow}};
      }
    }
    return best;
  }

  function volumeStudy(c, w, candidate) {
    const points = new Map();
    const asked = new Set();
    let busyLoad = 0;
    let today = null;
    const calls = c.volumeFactor * w.calls;
    const rising = () => [...points.values()].sort((x, y) => x.volume - y.volume);
    const idle = () => -idleUsd(c, w, candidate, 1)
        + (w.forecast || 0) * Money.awayShare(rates(c, candidate.box, idleUse(c, w)));

    function bracket(upwards) {
      const now = points.get(1);
      if (!now) {
        return null;
      }
      const saved = now.saving > 0;
      let last = 1;
      const on = rising().filter(p => upwards ? p.volume > 1 : p.volume < 1);
      for (const p of upwards ? on : on.reverse()) {
        if (p.saving > 0 !== saved) {
          return upwards ? [last, p.volume] : [p.volume, last];
        }
        last = p.volume;
      }
      return !upwards && saved && idle() < 0 ? [0, last] : null;
    }

    function wantMiddle(wanted, b) {
      if (!b) {
        return;
      }
      const middle = Math.sqrt(b[0] * b[1]);
      if (b[0] > 0 && b[1] / b[0] > 1.1 && !asked.has(middle)) {
        const low = points.get(b[0]);
        const high = points.get(b[1]);
        if (candidate.box.release_after_minutes > 0 || low.boxes !== high.boxes
            || Math.abs(low.overflowShare - high.overflowShare) > 1e-3) {
          wanted.push(middle);
        }
      }
    }

    function wanted() {
      const more = GRID.filter(v => (v <= 1 || v * calls <= MOST_CALLS) && !asked.has(v));
      if (more.length === 0 && points.has(1)) {
        const all = rising();
        if (all[0].saving > 0 && !asked.has(0.125)) {
          more.push(0.125);
        }
        if (all[all.length - 1].saving <= 0 && 8 * calls <= MOST_CALLS && !asked.has(8)) {
          more.push(8);
        }
      }
      if (more.length === 0) {
        wantMiddle(more, bracket(true));
        wantMiddle(more, bracket(false));
      }
      more.forEach(v => asked.add(v));
      return more;
    }

    for (let volumes = wanted(); volumes.length > 0; volumes = wanted()) {
      for (const volume of volumes) {
        const best = bestOf(c, w, candidate, volume,
            ask(c, [w], candidate.on, candidate.perBox, volume * c.volumeFactor, c.a['most-replicas'], null));
        if (best) {
          points.set(volume, best.point);
          if (volume === 1 || busyLoad === 0) {
            busyLoad = best.busyLoad;
          }
          if (volume === 1) {
            today = best.f;
          }
        }
      }
    }
    if (!points.has(1)) {
      return null;
    }
    return new Curve(rising(), busyLoad, c.money.hours, prefixStudy(c, w, candidate, today, points.has(2)));
  }

  // PrefixStudy and PrefixCurves: what is needed where the engine finds less or more in its prefix cache.
  function prefixStudy(c, w, candidate, today, hasTwice) {
    if (!c.prefix.replayed || (today[2] & PREFIX_OPEN) === 0) {
      return null;
    }
    const quantiles = new Map();
    const put = z => {
      const there = c.prefix.at(z);
      const expected = c.prefix.expected;
      if (((today[2] & IN_SESSION) !== 0 && there[0] !== expected[0])
          || ((today[2] & NOT_ALL_IN_SESSION) !== 0 && there[1] !== expected[1])) {
        quantiles.set(z, there);
      }
    };
    const found = new Map();
    const look = (cache, volume) => {
      const key = cache.join('/') + '@' + volume;
      if (!found.has(key)) {
        found.set(key, bestOf(c, w, candidate, volume, ask(c, [w], candidate.on, candidate.perBox,
            volume * c.volumeFactor, c.a['most-replicas'], cache)));
      }
      return found.get(key);
    };
    put(-Money.Z90);
    put(Money.Z90);
    if (quantiles.has(-Money.Z90) && look(quantiles.get(-Money.Z90), 1) === null) {
      put(-Money.Z90 / 2);
    }
    const shares = [...quantiles.entries()].map(([z, cache]) => {
      const best = look(cache, 1);
      const twice = hasTwice ? look(cache, 2) : null;
      return {z, curve: best === null ? null
        : new Curve([best.point].concat(twice ? [twice.point] : []), best.busyLoad, c.money.hours)};
    });
    return (z, middle) => between(shares, z, middle);
  }

  function between(shares, z, middle) {
    const all = shares.concat({z: 0, curve: middle}).sort((x, y) => x.z - y.z);
    let below = null;
    let above = null;
    for (const share of all) {
      if (share.z <= z) {
        below = share;
      } else if (above === null) {
        above = share;
      }
    }
    const part = below === null ? 1 : above === null ? 0 : (z - below.z) / (above.z - below.z);
    const less = below && below.curve;
    const more = above && above.curve;
    if (less && more) {
      const on = (from, to) => from + part * (to - from);
      return {
        boxes: load => Math.ceil(on(less.boxes(load), more.boxes(load)) - 1e-9),
        busyBoxHours: load => on(less.busyBoxHours(load), more.busyBoxHours(load)),
        busyLoad: () => on(less.busyLoad(), more.busyLoad()),
        upBoxHours: load => on(less.upBoxHours(load), more.upBoxHours(load)),
        overflowShare: load => on(less.overflowShare(load), more.overflowShare(load)),
      };
    }
    // Boxes that were bought for more than they can do stand idle.
    return (part < 0.5 ? less : more) || {boxes: load => middle.boxes(load), busyBoxHours: () => 0, busyLoad: () => 0,
      upBoxHours: () => 0, overflowShare: () => 1};
  }

  const keepsBoxes = box => box.mode === 'bought' || box.mode === 'owned' || box.mode === 'reserved';

  function withVolumes(c, row) {
    if (!row.cash) {
      return;
    }
    const {candidate, f} = row.chosen;
    const curve = volumeStudy(c, row.w, candidate);
    if (curve) {
      row.curve = curve;
      row.outlook = c.futures.outlook(c.futures.savings({
        apiUsd: row.w.forecast, agreementUsd: row.chosen.agreement,
        rates: rates(c, candidate.box, useOf(c, row.w, candidate.box, candidate.perBox, f, 1)),
        fleet: curve, keepsBoxes: keepsBoxes(candidate.box), growth: row.w.growth,
        stepTime: Money.around(0, candidate.d.residual), workloads: 1, organisations: 0,
      }));
    }
  }

  // Each workload as if it were the only one; what saves in too few futures is set aside.
  function alone(c, weighings) {
    return weighings.map(weighed => {
      const unlikely = new Set();
      while (true) {
        const row = decideOne(c, weighed.w, weighed, unlikely);
        withVolumes(c, row);
        const moves = ['MOVE', 'MOVE_WITH_OVERFLOW', 'EVALUATE_FIRST'].includes(row.verdict);
        if (!moves || !row.outlook || row.outlook.probability >= c.money.policy.least_probability) {
          return row;
        }
        unlikely.add(row.chosen);
      }
    });
  }

  // ---- WorkloadSet ----

  class Members {
    constructor(words) {
      this.words = words || [];
    }

    static of(...numbers) {
      const set = new Members();
      numbers.forEach(n => set.add(n));
      return set;
    }

    copy() {
      return new Members(this.words.slice());
    }

    add(n) {
      const word = n >> 5;
      while (this.words.length <= word) {
        this.words.push(0);
      }
      this.words[word] |= 1 << (n & 31);
    }

    remove(n) {
      const word = n >> 5;
      if (word < this.words.length) {
        this.words[word] &= ~(1 << (n & 31));
        while (this.words.length > 0 && this.words[this.words.length - 1] === 0) {
          this.words.pop();
        }
      }
    }

    has(n) {
      const word = n >> 5;
      return word < this.words.length && (this.words[word] >>> (n & 31) & 1) !== 0;
    }

    isEmpty() {
      return this.words.length === 0;
    }

    intersects(other) {
      return this.words.some((word, i) => i < other.words.length && (word & other.words[i]) !== 0);
    }

    numbers() {
      const all = [];
      this.words.forEach((word, i) => {
        for (let rest = word; rest !== 0; rest &= rest - 1) {
          all.push((i << 5) + (31 - Math.clz32(rest & -rest)));
        }
      });
      return all;
    }

    sum(values) {
      let total = 0;
      for (let i = 0; i < this.words.length; i++) {
        for (let rest = this.words[i]; rest !== 0; rest &= rest - 1) {
          total += values[(i << 5) + (31 - Math.clz32(rest & -rest))];
        }
      }
      return total;
    }

    notIn(others) {
      return this.numbers().filter(n => !others.has(n)).length;
    }

    key() {
      return this.words.join();
    }
  }

  // ---- SharedFleets ----

  function sharedFleets(c, members) {
    const must = new Members();
    members.forEach((m, i) => {
      if (m.mustMove) {
        must.add(i);
      }
    });
    const s = {c, members, must, boxes: [], fleets: [], apiUsd: members.map(m => m.w.forecast || 0)};
    s.workload = i => members[i].w;
    s.isLocal = i => !members[i].w.may_overflow;
    for (const fleet of byName(s)) {
      const allowed = fleet.allowed.numbers();
      const most = fleet.allowed.sum(s.apiUsd);
      const least = idleUsd(c, s.workload(allowed[0]), fleet.like, 1);
      fleet.usd = Money.fleetUsd(rates(c, fleet.like.box, noUse(c)), 0, 0, 0);
      if (fleet.allowed.intersects(must) || most > least) {
        s.fleets.push(fleet);
      }
    }
    s.sharedUsd = s.fleets.length === 0 ? 0 : Money.sharedUsd(rates(c, s.fleets[0].like.box, noUse(c)));
    return s;
  }

  function mayUse(member, candidate, anyProven) {
    if (candidate.proven) {
      return true;
    }
    const open = member.ifPassed.has(candidate.d.model) || (member.mustMove && !anyProven);
    const lowest = member.row.verdict === 'KEEP_API' || !member.row.chosen ? 0 : member.row.chosen.rung;
    return open && candidate.rung >= lowest;
  }

  function byName(s) {
    const {c, members} = s;
    const names = new Set();
    for (const member of members) {
      const places = new Set();
      const chosen = member.row.chosen;
      for (const p of member.possible) {
        let isFirst = false;
        if (mayUse(member, p, member.anyProven) && !p.tooSlow && !places.has(placeOf(p))) {
          places.add(placeOf(p));
          isFirst = true;
        }
        if (isFirst || (chosen && p.on === chosen.candidate.on)) {
          names.add(p.on);
        }
      }
    }
    const found = new Map();
    const kinds = new Map();
    members.forEach((member, i) => {
      for (const p of member.possible) {
        if (!names.has(p.on) || !mayUse(member, p, member.anyProven) || p.tooSlow) {
          continue;
        }
        if (!found.has(p.on)) {
          if (!kinds.has(p.box.id)) {
            kinds.set(p.box.id, kind(s, p.box));
          }
          found.set(p.on, {like: p, box: kinds.get(p.box.id), allowed: new Members(), candidates: new Map()});
        }
        found.get(p.on).allowed.add(i);
        found.get(p.on).candidates.set(i, p);
      }
    });
    const fleets = [...found.values()];
    for (const fleet of [...fleets]) {
      // A workload whose data must stay local keeps the whole fleet from overflowing: the others get a fleet of their own.
      const local = fleet.allowed.numbers().map(s.isLocal);
      if (local.some(x => x) && !local.every(x => x)) {
        fleets.push({like: fleet.like, box: fleet.box, allowed: fleet.allowed.copy(),
          candidates: new Map(fleet.candidates)});
      }
    }
    return fleets;
  }

  function kind(s, box) {
    const r = rates(s.c, box, noUse(s.c));
    s.boxes.push({id: box.id, accelerators: box.accelerators, monthlyUsd: Money.boxUsd(r),
      initialUsd: box.mode === 'owned' ? 0 : Money.initialUsdPerBox(r), owned: box.owned || 0,
      monthlyUsdOwned: Money.runningUsdPerBox(r), spares: r.spares});
    return s.boxes.length - 1;
  }

  const kindUsd = (box, n) => {
    const there = Math.min(n, box.owned);
    return there * box.monthlyUsdOwned + (n - there) * box.monthlyUsd;
  };
  const kindInitial = (box, n) => Math.max(0, n - box.owned) * box.initialUsd;

  // ---- FleetNeeds ----

  function fleetNeeds(s) {
    const {c} = s;
    const replayed = new Map();
    const limit = c.a['most-replicas'];
    const keyOf = (fleet, set) => fleet + '#' + set.key();
    const workloads = set => set.numbers().map(s.workload);

    // The fleet as its longest context has it: the deployment of that workload alone.
    function deployment(fleet, set) {
      let longest = -1;
      for (const i of set.numbers()) {
        if (longest < 0 || s.workload(i).max_context > s.workload(longest).max_context) {
          longest = i;
        }
      }
      return s.fleets[fleet].candidates.get(longest);
    }

    function mostReplicas(fleet, set, perBox) {
      const usd = s.boxes[s.fleets[fleet].box].monthlyUsdOwned;
      if (set.intersects(s.must) || usd <= 0) {
        return limit;
      }
      return replicasOf(perBox, set.sum(s.apiUsd) / usd, limit);
    }

    function replay(fleet, set) {
      const key = keyOf(fleet, set);
      if (replayed.has(key)) {
        return true;
      }
      const d = deployment(fleet, set);
      const found = cheapest(fleet, set, d, ask(c, workloads(set), d.on, d.perBox, c.volumeFactor,
          mostReplicas(fleet, set, d.perBox), null));
      replayed.set(key, found && found.need);
      return false;
    }

    // Of the fleets that hold every workload's service level, the cheapest.
    function cheapest(fleet, set, d, fleets) {
      const members = workloads(set);
      const local = !members.every(w => w.may_overflow);
      const spot = members.some(w => w.must_be_local) && d.box.mode === 'spot'
          && c.a['spot-interruptions-per-box-month'] > 0;
      let best = null;
      let strict = null;
      let least = Infinity;
      for (const f of fleets) {
        if (!meets(f) || (f[2] & SERVES_LOCALLY) === 0 || spot || (local && callsAtApi(f))) {
          continue;
        }
        const overflow = overflowUsd(c, members[0], f);
        if (overflow === null) {
          continue;
        }
        const need = needOf(set, d, f, overflow);
        if (!callsAtApi(f)) {
          strict = need;
        }
        const usd = need.monthlyUsd + s.boxes[s.fleets[fleet].box].monthlyUsd
            * Math.ceil(need.accelerators / d.box.accelerators);
        if (usd < least) {
          least = usd;
          best = {f, need, overflow};
        }
      }
      return best && {...best, need: {...best.need, withoutOverflow: strict}};
    }

    function needOf(set, d, f, overflow) {
      let other = 0;
      let atApi = overflow;
      set.numbers().forEach((i, at) => {
        const use = useOf(c, s.workload(i), d.box, d.perBox, f, 1);
        const r = rates(c, d.box, use);
        other += Money.workloadUsd(r, s.apiUsd[i]);
        atApi += Money.awayShare(r) * s.apiUsd[i];
        if (at === 0) {
          other += Money.fleetUsd(r, use.busyBoxHours, use.busyLoad, use.upBoxHours);
        }
      });
      return {accelerators: f[0] * d.perReplica, monthlyUsd: other + overflow, atApiUsd: atApi, utilization: f[6],
        replayed: true, withoutOverflow: null};
    }

    // The fleet of one workload, if it was replayed: found so often that its key is made once.
    const singles = s.fleets.map(() => new Map());

    function alone(fleet, i) {
      const of = singles[fleet];
      if (!of.has(i)) {
        const key = keyOf(fleet, Members.of(i));
        if (!replayed.has(key)) {
          return null;
        }
        of.set(i, replayed.get(key) || null);
      }
      return of.get(i);
    }

    // Adds up the fleets of each workload alone.
    function sum(fleet, set) {
      const numbers = set.numbers();
      const local = numbers.some(s.isLocal);
      let usd = 0;
      let atApi = 0;
      let busy = 0;
      let most = 0;
      for (const i of numbers) {
        let one = alone(fleet, i);
        if (local && one) {
          one = one.withoutOverflow;
        }
        if (!one) {
          return null;
        }
        most = Math.max(most, one.accelerators);
        busy += one.utilization * one.accelerators;
        usd += one.monthlyUsd;
        atApi += one.atApiUsd;
      }
      const perReplica = s.fleets[fleet].like.perReplica;
      const needed = Math.ceil(busy / 0.7 / perReplica - 1e-9) * perReplica;
      return {accelerators: Math.max(most, needed), monthlyUsd: usd - (numbers.length - 1) * s.fleets[fleet].usd,
        atApiUsd: atApi, utilization: busy / Math.max(1, Math.max(most, needed)), replayed: false, withoutOverflow: null};
    }

    function exact(fleet, set) {
      replay(fleet, set);
      return replayed.get(keyOf(fleet, set));
    }

    function estimated(fleet, set) {
      const key = keyOf(fleet, set);
      return replayed.has(key) ? replayed.get(key) : sum(fleet, set);
    }

    function atVolumes(fleet, set) {
      const needs = new Map();
      const d = deployment(fleet, set);
      const members = workloads(set);
      const calls = c.volumeFactor * members.reduce((n, w) => n + w.calls, 0);
      for (const volume of GRID) {
        if (volume <= 1 || volume * calls <= MOST_CALLS) {
          const found = cheapest(fleet, set, d, ask(c, members, d.on, d.perBox, volume * c.volumeFactor,
              volume === 1 ? mostReplicas(fleet, set, d.perBox) : limit, null));
          if (found) {
            needs.set(volume, {accelerators: found.need.accelerators, replicas: found.f[0], overflowUsd: found.overflow,
              use: useOf(c, members[0], d.box, d.perBox, found.f, volume)});
          }
        }
      }
      return needs;
    }

    return {
      replay, exact, estimated, atVolumes,
      replaySingles: () => s.fleets.forEach((fleet, f) => fleet.allowed.numbers().forEach(i => replay(f, Members.of(i)))),
      busyAccelerators: (fleet, i) => {
        const need = exact(fleet, Members.of(i));
        return need ? need.utilization * need.accelerators : 0;
      },
      awayShare: (fleet, i) => Money.awayShare(rates(c, s.fleets[fleet].like.box, idleUse(c, s.workload(i)))),
    };
  }

  // ---- Portfolio ----

  const LEAST_GAIN = 1e-7;
  const MISSING = 1e12;
  const NOTHING = {accelerators: 0, monthlyUsd: 0, atApiUsd: 0};
  const NOBODY = new Members();

  function portfolio(problem, oracle) {
    const known = problem.boxOf.map(() => new Map());
    const aloneUsd = Array.from({length: problem.workloads}, (_, w) =>
      problem.saved([{workloads: Members.of(w), atApiUsd: 0}]));
    const few = problem.workloads <= 24;
    const may = (w, fleet) => fleet === API || problem.allowed[fleet].has(w);

    function need(fleet, of) {
      if (of.isEmpty()) {
        return NOTHING;
      }
      const key = of.key();
      if (!known[fleet].has(key)) {
        known[fleet].set(key, oracle(fleet, of));
      }
      return known[fleet].get(key);
    }

    function boxes(k, accelerators) {
      const box = problem.boxes[k];
      return accelerators === 0 ? 0 : Math.floor((accelerators + box.accelerators - 1) / box.accelerators) + box.spares;
    }

    class Weighed {
      constructor(of) {
        this.of = of.slice();
        this.members = problem.boxOf.map(() => NOBODY);
        this.needs = problem.boxOf.map(() => NOTHING);
        this.moved = new Members();
        of.forEach((fleet, w) => {
          if (fleet !== API) {
            this.join(w, fleet);
          }
        });
        this.members.forEach((set, f) => {
          if (!set.isEmpty()) {
            this.needs[f] = need(f, set);
          }
        });
      }

      join(w, fleet) {
        if (this.members[fleet].isEmpty()) {
          this.members[fleet] = new Members();
        }
        this.members[fleet].add(w);
        this.moved.add(w);
      }

      put(w, from, to) {
        this.of[w] = to;
        if (from !== API) {
          this.members[from].remove(w);
          this.moved.remove(w);
        }
        if (to !== API) {
          this.join(w, to);
        }
      }

      move(w, to) {
        const from = this.of[w];
        this.put(w, from, to);
        [from, to].filter(f => f !== API).forEach(f => { this.needs[f] = need(f, this.members[f]); });
      }

      valueWith(w, to) {
        const from = this.of[w];
        this.put(w, from, to);
        const less = from === API ? null : need(from, this.members[from]);
        const more = to === API ? null : need(to, this.members[to]);
        const value = this.value(from, less, to, more);
        this.put(w, to, from);
        return value;
      }

      value(x = API, needX = NOTHING, y = API, needY = NOTHING) {
        const accelerators = problem.boxes.map(() => 0);
        let usd = 0;
        for (let f = 0; f < this.members.length; f++) {
          const n = f === x ? needX : f === y ? needY : this.needs[f];
          if (!n) {
            return NO_ONE;
          }
          accelerators[problem.boxOf[f]] += n.accelerators;
          usd += n.monthlyUsd;
        }
        let initial = 0;
        let count = 0;
        for (let k = 0; k < accelerators.length; k++) {
          const n = boxes(k, accelerators[k]);
          usd += kindUsd(problem.boxes[k], n);
          initial += kindInitial(problem.boxes[k], n);
          count += n;
        }
        if (initial > problem.budgetUsd || count > problem.mostBoxes) {
          return NO_ONE;
        }
        let saved;
        if (problem.savedAdds) {
          saved = this.moved.sum(aloneUsd);
        } else {
          saved = problem.saved(this.members.map((set, f) => ({workloads: set,
            atApiUsd: (f === x ? needX : f === y ? needY : this.needs[f]).atApiUsd})).filter(l => !l.workloads.isEmpty()));
        }
        return saved - usd - problem.must.notIn(this.moved) * MISSING;
      }
    }

    function moveEach(at) {
      let any = false;
      for (let w = 0; w < problem.workloads; w++) {
        let best = at.of[w];
        let most = at.value();
        for (let fleet = API; fleet < problem.boxOf.length; fleet++) {
          if (fleet !== at.of[w] && may(w, fleet)) {
            const value = at.valueWith(w, fleet);
            if (value > most + LEAST_GAIN || (most === NO_ONE && value > most)) {
              most = value;
              best = fleet;
            }
          }
        }
        if (best !== at.of[w]) {
          at.move(w, best);
          any = true;
        }
      }
      return any;
    }

    function better(best, candidate, at) {
      const value = candidate.value();
      const than = best === null ? at.value() : best.value();
      return value > than + LEAST_GAIN || (than === NO_ONE && value > than) ? candidate : best;
    }

    function bestSwap(at) {
      let best = null;
      for (let x = 0; x < problem.workloads; x++) {
        for (let y = x + 1; y < problem.workloads; y++) {
          if (at.of[x] !== at.of[y] && may(x, at.of[y]) && may(y, at.of[x])) {
            const other = at.of.slice();
            other[x] = at.of[y];
            other[y] = at.of[x];
            best = better(best, new Weighed(other), at);
          }
        }
      }
      return best;
    }

    function bestRefill(at) {
      let best = null;
      for (let fleet = 0; fleet < problem.boxOf.length; fleet++) {
        for (let to = API; to < problem.boxOf.length && !at.members[fleet].isEmpty(); to++) {
          let changed = false;
          const other = at.of.map((of, w) => {
            const moves = of === fleet && to !== fleet && may(w, to);
            changed = changed || moves;
            return moves ? to : of;
          });
          if (changed) {
            best = better(best, new Weighed(other), at);
          }
        }
        best = better(best, filled(new Weighed(at.of), fleet), at);
        best = better(best, new Weighed(at.of.map((of, w) => may(w, fleet) ? fleet : of)), at);
      }
      return best;
    }

    // The fleet takes workloads from the API one after the other; the best point on the way is kept.
    function filled(at, fleet) {
      const order = [];
      for (let w = 0; w < problem.workloads; w++) {
        if (at.of[w] === API && may(w, fleet)) {
          order.push(w);
        }
      }
      order.sort((x, y) => problem.must.has(x) !== problem.must.has(y) ? (problem.must.has(x) ? -1 : 1)
        : compare(aloneUsd[y], aloneUsd[x]) || x - y);
      let best = at.of.slice();
      let most = at.value();
      for (const w of order) {
        const value = at.valueWith(w, fleet);
        if (value === NO_ONE && !problem.must.has(w)) {
          continue;
        }
        at.move(w, fleet);
        if (value > most) {
          most = value;
          best = at.of.slice();
        }
      }
      return new Weighed(best);
    }

    function improve(start) {
      let at = start;
      while (true) {
        if (moveEach(at)) {
          continue;
        }
        const other = (few ? bestSwap(at) : null) || bestRefill(at);
        if (!other) {
          return at;
        }
        at = other;
      }
    }

    function solve(starts) {
      const nothing = Array.from({length: problem.workloads}, () => API);
      const all = starts.map(of => new Weighed(of)).concat(new Weighed(nothing));
      const full = problem.boxOf.map((_, fleet) => filled(new Weighed(nothing), fleet));
      full.sort((x, y) => compare(y.value(), x.value()));
      let best = null;
      for (const start of all.concat(full.slice(0, few ? 16 : 4))) {
        const improved = improve(start);
        if (best === null || improved.value() > best.value() + LEAST_GAIN) {
          best = improved;
        }
      }
      return {of: best.of, saving: best.value()};
    }

    return {solve, boxes, value: of => new Weighed(of).value()};
  }

  // ---- Planner ----

  const EMPTY = {steps: [], moved: new Map(), saving: 0, initial: 0, futures: null, estimated: false};

  function planAll(c, rows, weighings, ifPassed) {
    const passed = ifPassed ? worthEvaluating(rows) : new Set();
    const unlikely = new Set();
    while (true) {
      const members = [];
      rows.forEach((row, i) => {
        const mustMove = row.verdict === 'MUST_MOVE';
        const mayMove = row.w.metered && (row.w.forecast || 0) > 0;
        if (mustMove || (mayMove && !unlikely.has(row.w.number))) {
          members.push({w: row.w, row, possible: weighings[i].possible, mustMove, ifPassed: passed,
            anyProven: weighings[i].alternatives.some(x => x.viable && x.proven)});
        }
      });
      const s = sharedFleets(c, members);
      if (s.fleets.length === 0) {
        return {plan: EMPTY, unlikely};
      }
      const less = [];
      const plan = planOnce(c, s, less);
      if (less.length === 0) {
        return {plan, unlikely};
      }
      less.forEach(i => unlikely.add(s.workload(i).number));
    }
  }

  function worthEvaluating(rows) {
    const models = new Set();
    for (const row of rows) {
      if (row.verdict === 'EVALUATE_FIRST') {
        models.add(row.chosen.candidate.d.model);
      } else if (row.verdict === 'KEEP_API') {
        const first = row.sorted.find(x => x.viable && !x.proven && x.rung === 0);
        if (first) {
          models.add(first.candidate.d.model);
        }
      }
    }
    return models;
  }

  function planOnce(c, s, unlikely) {
    const needs = fleetNeeds(s);
    needs.replaySingles();
    const saved = leaving => savedUsd(c, s, leaving);
    const problem = {workloads: s.members.length, boxes: s.boxes, boxOf: s.fleets.map(f => f.box),
      allowed: s.fleets.map(f => f.allowed), must: s.must, saved, savedAdds: !c.bill.has,
      budgetUsd: c.money.policy.budget_usd === undefined ? Infinity : c.money.policy.budget_usd,
      mostBoxes: c.money.policy.most_boxes === undefined ? Infinity : c.money.policy.most_boxes};
    const exact = portfolio(problem, needs.exact);
    const best = s.members.length <= 6 ? exact.solve([]) : searched(problem, exact, needs);
    if (best.saving === NO_ONE) {
      return EMPTY;
    }
    const worthIt = best.of.every(f => f === API) || !s.must.isEmpty() || best.saving > s.sharedUsd;
    return worthIt ? planSteps(c, s, needs, exact, saved, best.of, unlikely) : EMPTY;
  }

  function searched(problem, exact, needs) {
    let best = null;
    for (let round = 0; round < 8 || (best.saving === NO_ONE && round < 40); round++) {
      const planned = portfolio(problem, needs.estimated).solve(best === null ? [] : [best.of]);
      let held = true;
      byFleet(planned.of).forEach((set, f) => { held = needs.replay(f, set) && held; });
      const real = {of: planned.of, saving: exact.value(planned.of)};
      if (best === null || real.saving > best.saving) {
        best = real;
      }
      if (held) {
        break;
      }
    }
    return best;
  }

  function byFleet(of) {
    const sets = new Map();
    of.forEach((fleet, w) => {
      if (fleet !== API) {
        if (!sets.has(fleet)) {
          sets.set(fleet, new Members());
        }
        sets.get(fleet).add(w);
      }
    });
    return new Map([...sets.entries()].sort((x, y) => x[0] - y[0]));
  }

  function savedUsd(c, s, leaving) {
    if (!c.bill.has) {
      const moved = new Members();
      leaving.forEach(l => l.workloads.numbers().forEach(n => moved.add(n)));
      return moved.sum(s.apiUsd);
    }
    const gone = [];
    let stays = 0;
    for (const l of leaving) {
      const all = l.workloads.sum(s.apiUsd);
      l.workloads.numbers().filter(i => s.apiUsd[i] > 0)
          .forEach(i => gone.push([s.workload(i), s.apiUsd[i] * (1 - l.atApiUsd / all)]));
      stays += l.atApiUsd;
    }
    return c.bill.saved(gone) + stays;
  }

  // ---- PlanSteps ----

  function part(s, of, i) {
    const all = of.reduce((sum, w) => sum + s.apiUsd[w], 0);
    return all === 0 ? 1 / of.length : s.apiUsd[i] / all;
  }

  function linesOf(s, exact, of) {
    const sets = byFleet(of);
    const value = new Map([...sets.keys()].map(f => [f, exact.value(of.map(x => x === f ? f : API))]));
    const mustFirst = (x, y) => x !== y ? (x ? -1 : 1) : 0;
    return [...sets.keys()].sort((x, y) =>
      mustFirst(sets.get(x).intersects(s.must), sets.get(y).intersects(s.must))
        || compare(value.get(y), value.get(x)) || x - y)
      .map(fleet => ({fleet, workloads: sets.get(fleet).numbers().sort((x, y) =>
        mustFirst(s.must.has(x), s.must.has(y)) || compare(s.apiUsd[y], s.apiUsd[x]) || x - y)}));
  }

  function planSteps(c, s, needs, exact, saved, of, unlikely) {
    const lines = linesOf(s, exact, of);
    const steps = [];
    const moved = new Map();
    const gone = [];
    const accelerators = s.boxes.map(() => 0);
    let shared = lines.length > 0 ? s.sharedUsd : 0;
    let cumulative = 0;
    let initial = 0;
    let order = 0;
    let estimated = false;
    if (shared > 0) {
      steps.push({action: 'share', hardware: '', count: 0, capexUsd: 0, savingUsd: -shared, cumulativeUsd: -shared});
    }
    for (const line of lines) {
      // A prefix of a fleet's workloads is replayed unless it holds very many calls: then its order rests on sums.
      let calls = 0;
      const prefix = new Members();
      for (const w of line.workloads) {
        prefix.add(w);
        calls += s.workload(w).calls;
        if (calls <= 2000000) {
          needs.replay(line.fleet, prefix.copy());
        }
      }
    }
    const savedWith = (set, need) => saved(set.isEmpty() ? gone : gone.concat({workloads: set, atApiUsd: need.atApiUsd}));
    for (const line of lines) {
      const fleet = s.fleets[line.fleet];
      const box = s.boxes[fleet.box];
      const gains = [];
      const prefix = new Members();
      let before = NOTHING;
      line.workloads.forEach((w, at) => {
        const savedBefore = savedWith(prefix, before);
        prefix.add(w);
        const found = at === line.workloads.length - 1
          ? needs.exact(line.fleet, prefix.copy()) : needs.estimated(line.fleet, prefix.copy());
        const need = found || before;
        estimated = estimated || !found || !found.replayed;
        const had = exact.boxes(fleet.box, accelerators[fleet.box]);
        accelerators[fleet.box] += need.accelerators - before.accelerators;
        const has = exact.boxes(fleet.box, accelerators[fleet.box]);
        const bought = kindUsd(box, has) - kindUsd(box, had);
        const capex = kindInitial(box, has) - kindInitial(box, had);
        if (has > had) {
          const there = fleet.like.box.mode === 'owned' || has <= box.owned;
          steps.push({action: there ? 'use' : fleet.like.box.mode === 'bought' ? 'buy' : 'rent', hardware: box.id,
            count: has - had, capexUsd: capex, savingUsd: -bought, cumulativeUsd: cumulative - shared - bought});
        }
        initial += capex;
        const added = need.monthlyUsd - before.monthlyUsd;
        const gained = savedWith(prefix, need) - savedBefore - added - bought - shared;
        gains.push(gained + shared);
        cumulative += gained;
        order++;
        steps.push({action: 'move', hardware: box.id, count: 0, model: fleet.like.d.model, engine: fleet.like.d.engine,
          workload: s.workload(w).number, capexUsd: 0, savingUsd: gained + bought + shared, cumulativeUsd: cumulative,
          utilization: found ? found.utilization : null, must: s.must.has(w)});
        shared = 0;
        before = need;
      });
      gone.push({workloads: prefix, atApiUsd: before.atApiUsd});
      divide(s, line, gains, order, moved);
    }
    const all = lines.flatMap(line => line.workloads);
    const api = all.reduce((sum, w) => sum + s.apiUsd[w], 0);
    const found = planFutures(c, s, needs, lines, saved(gone) - api);
    found.unlikely.forEach(w => unlikely.push(w));
    const places = new Map();
    for (const w of all) {
      const place = moved.get(w);
      places.set(s.workload(w).number, {...place, usd: place.usd - s.sharedUsd * part(s, all, w),
        outlook: found.shares.get(w) || null});
    }
    return {steps, moved: places, saving: cumulative, initial, futures: found.money, estimated};
  }

  // What those that must move save is theirs; what the others add is shared among them.
  function divide(s, line, gains, order, moved) {
    const musts = line.workloads.filter(w => s.must.has(w));
    const others = line.workloads.filter(w => !s.must.has(w));
    const sumOf = set => line.workloads.reduce((sum, w, at) => set.includes(w) ? sum + gains[at] : sum, 0);
    line.workloads.forEach((w, at) => {
      const of = s.must.has(w) ? musts : others;
      moved.set(w, {order: order - line.workloads.length + at + 1, usd: sumOf(of) * part(s, of, w),
        like: s.fleets[line.fleet].like});
    });
  }

  // ---- PlanFutures ----

  function planFutures(c, s, needs, lines, agreementsUsd) {
    const futures = c.futures;
    const groups = new Map();
    for (const line of lines) {
      const box = s.fleets[line.fleet].box;
      if (!groups.has(box)) {
        groups.set(box, {lines: [], workloads: [], load: 0});
      }
      groups.get(box).lines.push(line);
      groups.get(box).workloads.push(...line.workloads);
    }
    const nothing = {money: null, shares: new Map(), unlikely: []};
    const ordered = [...groups.entries()].sort((x, y) => x[0] - y[0]).map(e => e[1]);
    if (ordered.length === 0) {
      return nothing;
    }
    const apiOf = g => g.workloads.reduce((sum, w) => sum + s.apiUsd[w], 0);
    const api = ordered.reduce((sum, g) => sum + apiOf(g), 0);
    let largest = -1;
    ordered.forEach(g => g.workloads.forEach(w => {
      largest = largest < 0 || s.apiUsd[w] > s.apiUsd[largest] ? w : largest;
    }));
    const deviates = w => w === largest ? futures.growthDeviates() : futures.growthOf(s.workload(w).hash);
    const loads = new Map();
    const all = new Float64Array(futures.samples);
    const cash = Array.from({length: futures.samples}, () => new Float64Array(futures.steps + 2));
    const ends = futures.stepEnds();
    const shares = new Map();
    const unlikely = [];
    const include = (d, g, w, sign) => futures.add(d, sign * (g.load === 0 ? 1 / g.workloads.length
      : loads.get(w) / g.load), sign * s.apiUsd[w], s.workload(w).growth, deviates(w));
    for (const group of ordered) {
      if (!prepare(c, s, needs, group, loads, api === 0 ? 0 : agreementsUsd * apiOf(group) / api,
          group === ordered[0])) {
        return nothing;
      }
      look(c, s, group, include, shares, unlikely).forEach((usd, i) => { all[i] += usd; });
      const whole = futures.demand();
      group.workloads.forEach(w => include(whole, group, w, 1));
      futures.cash(group.subject, whole).forEach((of, i) => {
        of.forEach((usd, at) => { cash[i][at] += usd; });
        ends.forEach((end, step) => {
          cash[i][step + 1] += -group.otherUsd * (end - (step === 0 ? 0 : ends[step - 1]));
        });
      });
    }
    return {money: horizon(c, futures.outlook(all), cash, ends), shares, unlikely};
  }

  function prepare(c, s, needs, group, loads, agreementUsd, first) {
    const curves = [];
    for (const line of group.lines) {
      curves.push(needs.atVolumes(line.fleet, Members.of(...line.workloads)));
      for (const w of line.workloads) {
        const busy = needs.busyAccelerators(line.fleet, w);
        loads.set(w, busy);
        group.load += busy;
      }
    }
    if (curves.some(curve => !curve.has(1))) {
      return false;
    }
    const like = s.fleets[group.lines[0].fleet].like;
    const api = group.workloads.reduce((sum, w) => sum + s.apiUsd[w], 0);
    const points = GRID.filter(v => curves.every(curve => curve.has(v))).map(volume => {
      const all = curves.map(curve => curve.get(volume));
      const total = of => all.reduce((sum, need) => sum + of(need), 0);
      return {volume, boxes: Math.floor((total(n => n.accelerators) + like.box.accelerators - 1) / like.box.accelerators),
        replicas: total(n => n.replicas), busyBoxHours: total(n => n.use.busyBoxHours),
        upBoxHours: total(n => n.use.upBoxHours),
        overflowShare: api === 0 ? 0 : total(n => n.overflowUsd) / (api * volume)};
    });
    const use = curves[0].get(1).use;
    const r = rates(c, like.box, use);
    const curve = new Curve(points, use.busyLoad, c.money.hours);
    let away = 0;
    group.lines.forEach(line => line.workloads.forEach(w => {
      away += (needs.awayShare(line.fleet, w) - Money.awayShare(r)) * s.apiUsd[w];
    }));
    away = api === 0 ? 0 : away / api;
    let other = 0;
    group.lines.slice(1).forEach(line => { other += s.fleets[line.fleet].usd; });
    const owned = Math.min(points.find(p => p.volume === 1).boxes + r.spares,
        s.boxes[s.fleets[group.lines[0].fleet].box].owned);
    group.otherUsd = other - owned * (Money.boxUsd(r) - Money.runningUsdPerBox(r));
    const fleet = {
      boxes: load => curve.boxes(load), busyBoxHours: load => curve.busyBoxHours(load), busyLoad: () => curve.busyLoad(),
      upBoxHours: load => curve.upBoxHours(load), overflowShare: load => curve.overflowShare(load) + away,
    };
    fleet.withPrefixCache = () => fleet;
    group.subject = {apiUsd: api, agreementUsd, rates: r, fleet, keepsBoxes: keepsBoxes(like.box), growth: [0, 0, 0],
      stepTime: Money.around(0, like.d.residual), workloads: group.workloads.length, organisations: first ? 1 : 0};
    return true;
  }

  function look(c, s, group, include, shares, unlikely) {
    const futures = c.futures;
    const least = c.money.policy.least_probability;
    const demand = futures.demand();
    const savings = n => {
      if (n === 0) {
        return new Float64Array(futures.samples);
      }
      return futures.savings({...group.subject, workloads: n}, demand).map(usd => usd - group.otherUsd);
    };
    const minus = (x, y) => x.map((usd, i) => usd - y[i]);
    const probability = x => x.reduce((n, usd) => n + (usd > 0 ? 1 : 0), 0) / x.length;
    const share = (of, usd) => of.forEach(w => {
      const p = part(s, of, w);
      shares.set(w, futures.outlook(usd.map(x => x * p)));
    });
    const zero = new Float64Array(futures.samples);
    let all = zero;
    let musts = zero;
    let done = 0;
    const free = [];
    for (const w of group.workloads) {
      include(demand, group, w, 1);
      done++;
      if (s.must.has(w)) {
        musts = all = savings(done);
      } else {
        free.push(w);
      }
    }
    if (free.length > 0) {
      all = savings(done);
    }
    share(group.workloads.filter(w => s.must.has(w)), musts);
    const more = minus(all, musts);
    share(free, more);
    if (free.length > 0 && probability(more) < least) {
      unlikely.push(...free);
    } else if (done > 1) {
      for (const w of free) {
        include(demand, group, w, -1);
        if (probability(minus(all, savings(done - 1))) < least) {
          unlikely.push(w);
        }
        include(demand, group, w, 1);
      }
    }
    return all;
  }

  function horizon(c, outlook, cash, ends) {
    const rate = c.a.ratePerMonth;
    const mean = (from, to) => rate === 0 ? 1
      : (Math.pow(1 + rate, -from) - Math.pow(1 + rate, -to)) / rate / (to - from);
    const cumulative = Array.from({length: ends.length + 1}, () => new Float64Array(cash.length));
    const npv = Float64Array.from(cash, (of, i) => {
      let sum = of[0];
      let value = sum;
      cumulative[0][i] = sum;
      ends.forEach((end, step) => {
        sum += of[step + 1];
        cumulative[step + 1][i] = sum;
        value += of[step + 1] * mean(step === 0 ? 0 : ends[step - 1], end);
      });
      return value + of[ends.length + 1] * Math.pow(1 + rate, -ends[ends.length - 1]);
    }).sort();
    const months = [];
    let payback = null;
    cumulative.forEach((values, step) => {
      values.sort();
      const now = {month: step === 0 ? 0 : ends[step - 1], p10: Money.quantile(values, 0.1),
        p50: Money.quantile(values, 0.5), p90: Money.quantile(values, 0.9)};
      months.push(now);
      if (payback === null && now.p50 >= 0) {
        const before = months[months.length - 2];
        payback = before === undefined ? 0
          : Math.ceil(before.month + -before.p50 / (now.p50 - before.p50) * (now.month - before.month) - 1e-9);
      }
    });
    return {outlook, npvP10: Money.quantile(npv, 0.1), npvP50: Money.quantile(npv, 0.5),
      npvP90: Money.quantile(npv, 0.9), paybackMonths: payback, cash: months};
  }

  // ---- DecideStep ----

  const VERDICTS = ['MUST_MOVE', 'MOVE', 'MOVE_WITH_OVERFLOW', 'EVALUATE_FIRST', 'KEEP_API', 'INFEASIBLE'];

  /** Decides under settings by path, as homeward whatif --set does; throws Unknown where it cannot tell. */
  function decide(money, sets) {
    const c = context(money, sets);
    const weighings = c.workloads.map(w => weighing(c, w));
    const before = alone(c, weighings);
    const firm = planAll(c, before, weighings, false);
    const rows = before.map(row => ({...row}));
    for (const row of rows) {
      row.moved = firm.plan.moved.get(row.w.number) || null;
      if (row.moved && (row.verdict === 'KEEP_API' || row.verdict === 'EVALUATE_FIRST')) {
        row.verdict = 'MOVE';
      } else if (!row.moved && (row.verdict === 'MOVE' || row.verdict === 'MOVE_WITH_OVERFLOW')) {
        row.verdict = 'KEEP_API';
      }
    }
    const waiting = planAll(c, before, weighings, true).plan;
    let opened = 0;
    // A plan with more workloads that saves less is none to test for.
    for (const row of waiting.saving > firm.plan.saving ? rows : []) {
      const place = waiting.moved.get(row.w.number);
      if (place && !row.moved) {
        opened++;
        row.waiting = place;
        row.verdict = row.verdict === 'KEEP_API' ? 'EVALUATE_FIRST' : row.verdict;
      }
    }
    const usd = row => row.moved ? row.moved.usd : row.waiting ? row.waiting.usd : row.saving || 0;
    const place = row => VERDICTS.indexOf(row.verdict === 'MOVE_WITH_OVERFLOW' ? 'MOVE' : row.verdict);
    const ranked = [...rows].sort((x, y) => place(x) - place(y)
      || Number(x.saving === null && !x.moved) - Number(y.saving === null && !y.moved)
      || compare(-usd(x), -usd(y)) || x.w.number - y.w.number);
    return {rows: ranked, plan: firm.plan, waitingMoreUsd: opened === 0 ? 0 : waiting.saving - firm.plan.saving,
      apiUsd: ranked.reduce((sum, row) => sum + (row.w.forecast || 0), 0), a: c.a};
  }

  return {decide, Unknown};
})();
