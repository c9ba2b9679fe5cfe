/*
 * The money of a review: what boxes cost, and what becomes of a saving in uncertain futures. Written after
 * economics/Cost, FleetRates and Outlook of the program, formula by formula; a test in a browser holds both to the cent.
 */
const Money = (() => {
  'use strict';

  const Z90 = 1.2815515655446004;
  const HOURS = 24;

  // What a rate is multiplied with, as economics/Per has it.
  const IDLE_KWH = 0, BUSY_KWH = 1, UP_HOUR = 2, BOX = 3, FLEET = 4, WORKLOAD = 5, API_USD = 6, ORGANISATION = 7;
  const PERS = 8;
  const OF_BOXES = [IDLE_KWH, BOX];
  const OF_FLEET = [BUSY_KWH, UP_HOUR, FLEET];
  const OF_WORKLOAD = [WORKLOAD, API_USD];

  /** A range [p10, p50, p90] at a standard normal deviate; a number is certain. */
  function at(spread, z) {
    return spread[1] + (z < 0 ? spread[1] - spread[0] : spread[2] - spread[1]) * z / Z90;
  }

  function spread(value) {
    return typeof value === 'number' ? [value, value, value] : [value.p10, value.p50, value.p90];
  }

  function around(median, deviation) {
    return [median - Z90 * deviation, median, median + Z90 * deviation];
  }

  /** Assumptions by their keys, with what follows from them. */
  function terms(keys) {
    const a = {...keys};
    const rate = Math.pow(1 + a['discount-rate-per-year'], 1 / 12) - 1;
    const months = a['horizon-months'];
    a.ratePerMonth = rate;
    a.annuity = rate === 0 ? 1 / months : rate / (1 - Math.pow(1 + rate, -months));
    a.discountedResidual = a['residual-share'] * Math.pow(1 + rate, -months);
    a.spares = a.redundancy === 'n-plus-1' ? 1 : 0;
    return a;
  }

  function holds(window, slot) {
    const hour = slot % HOURS;
    const days = window.days || 'all';
    const from = window['from-hour'];
    const to = window['to-hour'];
    const day = days === 'all' || (days === 'weekdays') === (slot < HOURS);
    return day && (from < to ? hour >= from && hour < to : hour >= from || hour < to);
  }

  function usdOfSlot(a, slot) {
    const window = a['electricity-tariff'].find(w => holds(w, slot));
    return window ? window['usd-per-kwh'] : a['electricity-usd-per-kwh'];
  }

  // Mean price of a box that is up some hours a day: five weekdays to two days of the weekend.
  function idleUsdPerKwh(a, box) {
    if (a['electricity-tariff'].length === 0) {
      return a['electricity-usd-per-kwh'];
    }
    let sum = 0;
    for (let h = 0; h < box.hours_per_day; h++) {
      const hour = (box.start_hour + h) % HOURS;
      sum += 5 * usdOfSlot(a, hour) + 2 * usdOfSlot(a, HOURS + hour);
    }
    return sum / (box.hours_per_day * 7);
  }

  function busyUsdPerKwh(a, clock) {
    let sum = 0;
    let all = 0;
    if (a['electricity-tariff'].length > 0 && clock) {
      clock.forEach((weight, slot) => {
        sum += weight * usdOfSlot(a, slot);
        all += weight;
      });
    }
    return all > 0 ? sum / all : a['electricity-usd-per-kwh'];
  }

  /**
   * What a box costs for each thing that it is multiplied with.
   *
   * @param use {monthHours, clock, hardest, fallback} of the fleet
   */
  function ratesOf(a, box, use) {
    const r = {
      all: new Float64Array(PERS), atStart: new Float64Array(PERS), running: new Float64Array(PERS),
      people: new Float64Array(PERS), tariff: new Float64Array(PERS), boxPrice: new Float64Array(PERS),
      initial: new Float64Array(PERS), boxInitial: new Float64Array(PERS), residual: new Float64Array(PERS),
    };
    const monthly = (swing, per, usd) => {
      r.all[per] += usd;
      r.running[per] += usd;
      if (swing) {
        r[swing][per] += usd;
      }
    };
    const atStart = (swing, per, usd, sold) => {
      const annuity = sold ? usd * (1 - a.discountedResidual) * a.annuity : usd * a.annuity;
      r.all[per] += annuity;
      r.atStart[per] += annuity;
      r.initial[per] += usd;
      r.residual[per] += sold ? usd * a['residual-share'] : 0;
      if (swing === 'boxPrice') {
        r.boxInitial[per] += usd;
        r.boxPrice[per] += annuity;
      }
    };
    const stopped = box.release_after_minutes > 0;
    const upHours = use.monthHours * box.hours_per_day / HOURS;
    const engineer = a['engineer-usd-per-hour'];
    const hours = (own, assumed) => own !== undefined ? own : box.mode === 'bought' ? assumed : 0;
    r.idleKwhPerBox = stopped ? 0 : upHours * box.idle_watts / 1000;
    r.moreKwhPerBusyHour = (box.busy_watts - box.idle_watts) / 1000;
    r.spares = a.spares;
    r.boxPriceFactor = box.usd > 0 && box.low_usd !== undefined
      ? [box.low_usd / box.usd, 1, box.high_usd / box.usd] : [1, 1, 1];

    if (box.mode === 'bought' || box.mode === 'owned') {
      atStart('boxPrice', BOX, box.usd, true);
    } else if (box.mode === 'reserved') {
      monthly('boxPrice', BOX, box.usd);
    } else if (stopped) {
      monthly('boxPrice', UP_HOUR, box.usd);
    } else {
      monthly('boxPrice', BOX, box.usd * upHours);
    }
    if (!box.includes_power) {
      const idle = idleUsdPerKwh(a, box);
      monthly('tariff', IDLE_KWH, a.pue * idle);
      monthly('tariff', UP_HOUR, a.pue * idle * (stopped ? box.idle_watts / 1000 : 0));
      monthly('tariff', BUSY_KWH, a.pue * busyUsdPerKwh(a, use.clock));
      monthly('', BOX, a['space-usd-per-box-month']);
    }
    monthly('', BOX, a['licence-usd-per-accelerator-month'] * box.accelerators);
    atStart('', FLEET, a['setup-hours-per-fleet'] * engineer);
    atStart('', BOX, hours(box.setup_hours, a['setup-hours-per-box']) * engineer);
    atStart('', WORKLOAD, a['setup-hours-per-workload'] * engineer);
    monthly('people', FLEET, a['upkeep-hours-per-fleet-month'] * engineer);
    monthly('people', BOX, hours(box.upkeep_hours_per_month, a['upkeep-hours-per-box-month']) * engineer);
    monthly('people', WORKLOAD, a['upkeep-hours-per-workload-month'] * engineer);
    monthly('people', FLEET, a['incident-hours-per-fleet-month'] * engineer);
    monthly('people', BOX, hours(box.incident_hours_per_month, a['incident-hours-per-box-month']) * engineer);
    atStart('', ORGANISATION, a['setup-hours-shared'] * engineer);
    monthly('people', ORGANISATION, a['upkeep-hours-shared-month'] * engineer);
    monthly('', FLEET, a['network-usd-per-fleet-month']);
    monthly('', API_USD, use.hardest);
    if (a.redundancy === 'api-fallback' && use.fallback) {
      monthly('', API_USD, (1 - use.hardest) * (1 - a['local-availability']));
    }
    if (box.mode === 'spot' && use.fallback) {
      monthly('', API_USD, (1 - use.hardest)
          * Math.min(1, a['spot-interruptions-per-box-month'] * a['spot-recovery-minutes'] / 60 / use.monthHours));
    }
    return r;
  }

  function sum(usd, amounts) {
    let total = 0;
    for (let per = 0; per < PERS; per++) {
      total += amounts[per] * usd[per];
    }
    return total;
  }

  // How much there is of each, for a fleet of so many boxes that serve.
  function amounts(r, boxes, busyBoxHours, busyLoad, upBoxHours, workloads, apiUsd, organisations) {
    const paid = boxes + r.spares;
    return [paid * r.idleKwhPerBox, busyBoxHours * (busyLoad * r.moreKwhPerBusyHour), upBoxHours, paid, 1, workloads,
      apiUsd, organisations];
  }

  /** A month of a fleet; with usd the rates of another future. */
  function monthlyUsd(r, boxes, busyBoxHours, busyLoad, upBoxHours, workloads, apiUsd, organisations, usd) {
    return sum(usd || r.all,
        amounts(r, boxes, busyBoxHours, busyLoad, upBoxHours, workloads, apiUsd, organisations || 0));
  }

  function paidOnce(r, usd, boxes, workloads, organisations) {
    return sum(usd, [0, 0, 0, boxes + r.spares, 1, workloads, 0, organisations]);
  }

  function ofScope(usd, scope, quantities) {
    let total = 0;
    for (const per of scope) {
      total += quantities[per] * usd[per];
    }
    return total;
  }

  const oneBox = r => [r.idleKwhPerBox, 0, 0, 1, 1, 0, 0, 0];
  const runningUsdPerBox = r => ofScope(r.running, OF_BOXES, oneBox(r));
  const boxUsd = r => runningUsdPerBox(r) + ofScope(r.atStart, OF_BOXES, oneBox(r));
  const initialUsdPerBox = r => ofScope(r.boxInitial, OF_BOXES, oneBox(r));
  const fleetUsd = (r, busyBoxHours, busyLoad, upBoxHours) =>
    ofScope(r.all, OF_FLEET, [0, busyBoxHours * (busyLoad * r.moreKwhPerBusyHour), upBoxHours, 0, 1, 0, 0, 0]);
  const workloadUsd = (r, apiUsd) => ofScope(r.all, OF_WORKLOAD, [0, 0, 0, 0, 0, 1, apiUsd, 0]);
  const sharedUsd = r => r.all[ORGANISATION];
  const awayShare = r => r.all[API_USD];

  // ---- Uncertain futures ----

  // Wichura's algorithm AS 241 (1988): the standard normal quantile to about sixteen digits.
  function normalQuantile(p) {
    const poly = (r, c) => c.reduceRight((sum, x) => sum * r + x, 0);
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      const r = 0.180625 - q * q;
      return q * poly(r, [3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
        1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4,
        2.5090809287301226727e3])
        / poly(r, [1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
          2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3]);
    }
    let r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
    let value;
    if (r <= 5) {
      r -= 1.6;
      value = poly(r, [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
        3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2,
        7.74545014278341407640e-4])
        / poly(r, [1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
          1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9]);
    } else {
      r -= 5;
      value = poly(r, [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
        2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
        2.01033439929228813265e-7])
        / poly(r, [1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
          7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15]);
    }
    return q < 0 ? -value : value;
  }

  // Joe and Kuo's direction numbers (new-joe-kuo-6): degree, polynomial, first numbers; of the second dimension on.
  const SOBOL = [[1, 0, [1]], [2, 1, [1, 3]], [3, 1, [1, 3, 1]], [3, 2, [1, 1, 1]], [4, 1, [1, 1, 3, 3]],
    [4, 4, [1, 3, 5, 13]], [5, 2, [1, 1, 5, 5, 17]]];
  const BITS = 52n;

  function directions(dimension) {
    const d = [0n];
    for (let i = 1; i <= Number(BITS); i++) {
      d.push(1n << (BITS - BigInt(i)));
    }
    if (dimension === 0) {
      return d;
    }
    const [degree, polynomial, first] = SOBOL[dimension - 1];
    for (let i = 1; i <= Number(BITS); i++) {
      if (i <= degree) {
        d[i] = BigInt(first[i - 1]) << (BITS - BigInt(i));
      } else {
        d[i] = d[i - degree] ^ (d[i - degree] >> BigInt(degree));
        for (let k = 1; k < degree; k++) {
          if (polynomial >> (degree - 1 - k) & 1) {
            d[i] ^= d[i - k];
          }
        }
      }
    }
    return d;
  }

  const mask = x => BigInt.asUintN(64, x);

  // Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
  function mix(z) {
    const a = mask((z ^ (z >> 30n)) * 0xBF58476D1CE4E5B9n);
    const b = mask((a ^ (a >> 27n)) * 0x94D049BB133111EBn);
    return b ^ (b >> 31n);
  }

  /** Points of a Sobol sequence under a digital shift, as standard normal deviates by dimension. */
  function normals(dimensions, points, seed) {
    const scale = 2 ** Number(BITS);
    const all = [];
    let state = mask(BigInt(seed));
    for (let d = 0; d < dimensions; d++) {
      state = mask(state + 0x9E3779B97F4A7C15n);
      const shift = mix(state) >> (64n - BITS);
      const direction = directions(d);
      const values = new Float64Array(points);
      let x = 0n;
      // The first point, 0, is no probability; the second is passed over with it.
      for (let index = 1; index <= points + 1; index++) {
        let c = 1;
        for (let value = index - 1; value & 1; value >>= 1) {
          c++;
        }
        x ^= direction[c];
        if (index >= 2) {
          values[index - 2] = normalQuantile((Number(x ^ shift) + 0.5) / scale);
        }
      }
      all.push(values);
    }
    return all;
  }

  /** Normal deviates of the generator WELL19937c (Panneton, L'Ecuyer, Matsumoto 2006), by the method of Box and Muller. */
  function gaussians(seed, count) {
    const size = 624;
    const v = new Int32Array(size);
    v[0] = Number(BigInt.asIntN(32, seed >> 32n));
    v[1] = Number(BigInt.asIntN(32, seed));
    for (let i = 2; i < size; i++) {
      const l = BigInt(v[i - 2]);
      v[i] = Number(BigInt.asIntN(32, 1812433253n * (l ^ (l >> 30n)) + BigInt(i)));
    }
    let index = 0;
    const next = bits => {
      const before = (index + size - 1) % size;
      const last = (index + size - 2) % size;
      const v0 = v[index];
      const m1 = v[(index + 70) % size];
      const m2 = v[(index + 179) % size];
      const m3 = v[(index + 449) % size];
      const z0 = (v[before] & 0x80000000) ^ (v[last] & 0x7FFFFFFF);
      const z1 = (v0 ^ (v0 << 25)) ^ (m1 ^ (m1 >>> 27));
      const z2 = (m2 >>> 9) ^ (m3 ^ (m3 >>> 1));
      const z3 = z1 ^ z2;
      let z4 = z0 ^ (z1 ^ (z1 << 9)) ^ (z2 ^ (z2 << 21)) ^ (z3 ^ (z3 >>> 21));
      v[index] = z3;
      v[before] = z4;
      v[last] &= 0x80000000;
      index = before;
      z4 ^= (z4 << 7) & 0xe46e1700;
      z4 ^= (z4 << 15) & 0x9b868000;
      return z4 >>> (32 - bits);
    };
    const uniform = () => (next(26) * 67108864 + next(26)) * 2 ** -52;
    const values = new Float64Array(count);
    for (let i = 0; i < count; i += 2) {
      const alpha = 2 * Math.PI * uniform();
      const r = Math.sqrt(-2 * Math.log(uniform()));
      values[i] = r * Math.cos(alpha);
      if (i + 1 < count) {
        values[i + 1] = r * Math.sin(alpha);
      }
    }
    return values;
  }

  const GROWTH = 0, API_PRICE = 1, STEP_TIME = 2, TOKENS = 3, PEOPLE = 4, TARIFF = 5, PREFIX_CACHE = 7, BOX_PRICE = 6;
  const INPUTS = ['growth', 'api_price', 'step_time', 'tokens', 'people', 'tariff', 'box_price', 'prefix_cache'];
  const MOST_STEPS = 12;
  const SLICES = 16;

  let kept = null;

  function pointsOf(samples, seed) {
    if (!kept || kept.samples !== samples || kept.seed !== seed) {
      const z = normals(INPUTS.length, samples, seed);
      const order = z.map(values => Array.from(values.keys()).sort((i, j) => values[i] - values[j] || i - j));
      kept = {samples, seed, z, order, growth: new Map()};
    }
    return kept;
  }

  /** The least figure of rising ones that a share of them does not exceed. */
  function quantile(sorted, share) {
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }

  /** The futures of a set of assumptions: the same points as the program's. */
  function futures(a) {
    const samples = a.samples;
    const points = pointsOf(samples, a.seed);
    const months = a['horizon-months'];
    const steps = Math.min(MOST_STEPS, months);
    const middle = step => (step + 0.5) * months / steps;
    const halving = Math.log(2) / a['growth-halves-after-months'];
    const mostGrowth = Math.log1p(a['most-growth-per-month']);
    const priceChange = spread(a['api-price-change-per-year']);
    const tokenFactor = spread(a['token-factor']);
    const peopleFactor = spread(a['people-factor']);
    const tariffFactor = spread(a['tariff-factor']);

    const perMonth = (growth, z) => Math.max(-mostGrowth, Math.min(mostGrowth, at(growth, z)));
    const damped = [];
    for (let step = 0; step < steps; step++) {
      damped.push((1 - Math.exp(-halving * middle(step))) / halving);
    }

    function demand() {
      return {load: new Float64Array(samples * steps), api: new Float64Array(samples * steps)};
    }

    function add(to, loadShare, api, growth, deviates) {
      for (let i = 0; i < samples; i++) {
        const rate = perMonth(growth, deviates[i]);
        for (let step = 0; step < steps; step++) {
          const volume = Math.exp(rate * damped[step]);
          to.load[i * steps + step] += loadShare * volume;
          to.api[i * steps + step] += api * volume;
        }
      }
      return to;
    }

    const z = points.z;

    // The saving in the middle of each step of one future, and the boxes that serve then.
    function monthsOf(s, i, demanded, savings, boxesAt) {
      const priceLog = Math.log1p(Math.max(-0.95, at(priceChange, z[API_PRICE][i])));
      const slower = Math.exp(at(s.stepTime, z[STEP_TIME][i]));
      const tokens = Math.max(0.05, at(tokenFactor, z[TOKENS][i]));
      const people = Math.max(0, at(peopleFactor, z[PEOPLE][i]));
      const tariff = Math.max(0, at(tariffFactor, z[TARIFF][i]));
      const boxPrice = Math.max(0, at(s.rates.boxPriceFactor, z[BOX_PRICE][i]));
      const fleet = s.fleet.withPrefixCache(z[PREFIX_CACHE][i]);
      const r = s.rates;
      const usd = new Float64Array(PERS);
      for (let per = 0; per < PERS; per++) {
        usd[per] = r.all[per] + ((people - 1) * r.people[per] + (tariff - 1) * r.tariff[per]
            + (boxPrice - 1) * r.boxPrice[per]);
      }
      let boxes = 0;
      for (let step = 0; step < steps; step++) {
        const load = demanded.load[i * steps + step] * slower * tokens;
        const api = demanded.api[i * steps + step] * Math.exp(priceLog * middle(step) / 12);
        const needed = fleet.boxes(load);
        boxes = s.keepsBoxes ? Math.max(boxes, needed) : needed;
        const paid = boxes + r.spares;
        const local = paid * r.idleKwhPerBox * usd[IDLE_KWH]
            + fleet.busyBoxHours(load) * (fleet.busyLoad() * r.moreKwhPerBusyHour) * usd[BUSY_KWH]
            + fleet.upBoxHours(load) * usd[UP_HOUR] + paid * usd[BOX] + usd[FLEET] + s.workloads * usd[WORKLOAD]
            + api * usd[API_USD] + s.organisations * usd[ORGANISATION];
        const agreements = s.apiUsd === 0 ? 0 : s.agreementUsd * api / s.apiUsd;
        savings[step] = api * (1 - fleet.overflowShare(load)) - local + agreements;
        boxesAt[step] = boxes;
      }
    }

    function savings(s, demanded) {
      const d = demanded || add(demand(), 1, s.apiUsd, s.growth, z[GROWTH]);
      const all = new Float64Array(samples);
      const monthly = new Float64Array(steps);
      const boxes = new Int32Array(steps);
      for (let i = 0; i < samples; i++) {
        monthsOf(s, i, d, monthly, boxes);
        let sum = 0;
        for (let step = 0; step < steps; step++) {
          sum += monthly[step];
        }
        all[i] = sum / steps;
      }
      return all;
    }

    // First what is paid at the start, then what each step brings less what is bought in it, last what boxes fetch.
    function cash(s, demanded) {
      const monthsPerStep = months / steps;
      const monthly = new Float64Array(steps);
      const boxes = new Int32Array(steps);
      const all = [];
      for (let i = 0; i < samples; i++) {
        const of = new Float64Array(steps + 2);
        monthsOf(s, i, demanded, monthly, boxes);
        let paid = paidOnce(s.rates, s.rates.initial, boxes[0], s.workloads, s.organisations);
        of[0] = -paid;
        for (let step = 0; step < steps; step++) {
          const annuity = paidOnce(s.rates, s.rates.atStart, boxes[step], s.workloads, s.organisations);
          const more = Math.max(0,
              paidOnce(s.rates, s.rates.initial, boxes[step], s.workloads, s.organisations) - paid);
          paid += more;
          of[step + 1] = (monthly[step] + annuity) * monthsPerStep - more;
        }
        of[steps + 1] = paidOnce(s.rates, s.rates.residual, boxes[steps - 1], s.workloads, 0);
        all.push(of);
      }
      return all;
    }

    function stepEnds() {
      return Array.from({length: steps}, (_, step) => (step + 1) * months / steps);
    }

    // Deviates for the growth of something else, by the hash of its name.
    function growthOf(hash) {
      if (!points.growth.has(hash)) {
        points.growth.set(hash, gaussians(BigInt.asIntN(64, BigInt(a.seed) * 31n + BigInt(hash)), samples));
      }
      return points.growth.get(hash);
    }

    // Variance of the means of equal slices of an input over the whole, less what slices of pure noise would show.
    function shares(of) {
      let mean = 0;
      of.forEach(s => { mean += s; });
      mean /= samples;
      let total = 0;
      of.forEach(s => { total += (s - mean) * (s - mean); });
      const size = Math.floor(samples / SLICES);
      const noise = (SLICES - 1) / (samples - 1);
      return INPUTS.map((input, d) => {
        let between = 0;
        for (let slice = 0; slice < SLICES; slice++) {
          let sum = 0;
          for (let i = slice * size; i < (slice + 1) * size; i++) {
            sum += of[points.order[d][i]];
          }
          between += size * (sum / size - mean) * (sum / size - mean);
        }
        const share = total === 0 ? 0 : between / total;
        return {input, share: Math.max(0, (share - noise) / (1 - noise))};
      });
    }

    function outlook(of) {
      const sorted = Float64Array.from(of).sort();
      let positive = 0;
      of.forEach(s => { positive += s > 0 ? 1 : 0; });
      return {p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9),
        probability: positive / samples, shares: () => shares(of)};
    }

    return {samples, steps, z, demand, add, savings, cash, stepEnds, outlook, growthOf,
      growthDeviates: () => z[GROWTH]};
  }

  return {terms, at, spread, around, ratesOf, monthlyUsd, paidOnce, boxUsd, runningUsdPerBox, initialUsdPerBox,
    fleetUsd, workloadUsd, sharedUsd, awayShare, futures, quantile, Z90, normals, gaussians};
})();
