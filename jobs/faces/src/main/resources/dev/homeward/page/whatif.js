/* What if the money were otherwise: sliders, and the hook that others drive the page by. */

const A = R.money.assumptions;
const NAME = R.review.month;

/** The boxes that a price may be set of: those of the plan first, then those that were chosen alone. */
function pricedBoxes() {
  const ids = [...boxesOf(PLAN.steps).keys(), ...boxesOf(R.waiting.steps).keys(), ...ROWS.map(r => r.hardware).filter(isKnown)];
  return [...new Set(ids)].map(id => R.money.boxes.find(b => b.id === id)).filter(b => b && b.usd > 0);
}

const FIGURE = {price: 'Price of', 'hourly-usd': 'Hourly rent of', 'monthly-usd': 'Monthly rent of'};

function rounded(x, step) {
  return Number((Math.round(x / step) * step).toFixed(6));
}

/** The sliders: the path that whatif takes, its value in the review, its range. */
const SLIDERS = [
  {path: 'assumptions.electricity-usd-per-kwh', label: 'Electricity', unit: 'a kWh', step: .01, show: x => usd(x)},
  {path: 'assumptions.engineer-usd-per-hour', label: 'Hour of people', unit: 'an hour', step: 1, show: x => usd(x, 0)},
  {path: 'assumptions.upkeep-hours-per-fleet-month', label: 'Upkeep of a fleet', unit: 'hours a month', step: .25, low: 0,
    most: 3, show: x => number(x, 2) + ' h'},
  {path: 'assumptions.horizon-months', label: 'Horizon', unit: 'months', step: 1, show: x => whole(x) + ' months'},
  {path: 'assumptions.api-price-factor', label: 'API prices', unit: 'times announced prices', step: .01, low: .67, high: 1.5,
    show: x => number(x, 2) + '\u00d7'},
  {path: 'assumptions.growth-per-month', label: 'Growth of calls', unit: 'a month', step: .005, from: -.05, to: .05,
    show: x => typeof x === 'number' ? percent(x, 1) : x === 'from-log' ? 'from the log' : 'as given'},
];

function valueOf(path) {
  const key = path.slice(path.indexOf('.') + 1);
  if (path.startsWith('assumptions.')) {
    return A[key];
  }
  const box = R.money.boxes.find(b => b.id === key.slice(0, key.lastIndexOf('.')));
  return box ? box.usd : undefined;
}

function range(slider) {
  const base = valueOf(slider.path);
  if (isKnown(slider.from)) {
    return [slider.from, slider.to];
  }
  const low = base * (isKnown(slider.low) ? slider.low : .5);
  const high = Math.max(base * (slider.high || 2), slider.most || 0);
  return [Math.max(slider.step === 1 ? 1 : 0, Math.ceil(low / slider.step - 1e-9) * slider.step), rounded(high, slider.step)];
}

/** So many workloads are decided on before the eye sees that anything is being done. */
const FEW_ROWS = 40;

const ask = {sets: {}, state: 'review', answer: null, message: ''};

const sameAsReview = (path, value) => JSON.stringify(valueOf(path)) === JSON.stringify(value);

/** The command that answers the same, and more. */
function command(sets) {
  const quote = s => /^[\w.=:/+-]+$/.test(s) ? s : '\'' + s.replace(/'/g, '\'\\\'\'') + '\'';
  return ['homeward', 'whatif', 'reviews/' + NAME, ...Object.entries(sets).flatMap(([path, value]) =>
    ['--set', quote(path + '=' + (typeof value === 'object' ? JSON.stringify(value) : value))])].join(' ');
}

/** The decision as others read it: money by workload, and the plan's totals. */
function told(decision, sets) {
  const futures = decision.plan.futures;
  return {
    sets: {...sets}, exact: true, command: command(sets),
    api_forecast_monthly_usd: decision.apiUsd,
    plan: {
      saving_monthly_usd: decision.plan.saving, initial_usd: decision.plan.initial, workloads: decision.plan.moved.size,
      saving_p10_usd: futures && futures.outlook.p10, saving_p50_usd: futures && futures.outlook.p50,
      saving_p90_usd: futures && futures.outlook.p90, probability_saves: futures && futures.outlook.probability,
      npv_p50_usd: futures && futures.npvP50, payback_months: futures && futures.paybackMonths,
      steps: decision.plan.steps,
    },
    waiting: {more_saving_monthly_usd: decision.waitingMoreUsd},
    workloads: decision.rows.map((row, rank) => {
      const w = R.money.workloads[row.w.number];
      const place = row.moved || row.waiting;
      const on = place ? place.like : row.chosen && row.chosen.candidate;
      const outlook = place ? place.outlook : row.outlook;
      return {
        row: R.money.rows[row.w.number], rank: rank + 1, workload: w.workload, hosted_model: w.hosted_model, data_class: w.data_class,
        verdict: row.verdict, saving_monthly_usd: row.saving, marginal_saving_usd: row.moved ? row.moved.usd : null,
        waiting_saving_usd: row.waiting ? row.waiting.usd : null, move_order: row.moved ? row.moved.order : null,
        saving_p10_usd: row.outlook && row.outlook.p10, saving_p90_usd: row.outlook && row.outlook.p90,
        probability_saves: row.outlook && row.outlook.probability,
        saving_usd: place ? place.usd : row.saving, p10: outlook && outlook.p10, p90: outlook && outlook.p90,
        probability: outlook && outlook.probability, hardware: on && on.box.id, local_model: on && on.d.model,
      };
    }),
  };
}

/** Decides under these settings; resolves to what result() then gives. */
function set(sets) {
  ask.sets = Object.fromEntries(Object.entries(sets).filter(([path, value]) => !sameAsReview(path, value)));
  ask.state = 'working';
  showState();
  document.getElementById('answer').replaceChildren(h('h3', {}, 'At your settings'), h('p', {class: 'soft'}, 'Deciding anew\u2026'));
  // What is being done is painted first: of many workloads it takes seconds.
  return rest.then(() => new Promise(resolve => setTimeout(() => {
    try {
      ask.answer = told(Decide.decide(R.money, ask.sets), ask.sets);
      ask.state = Object.keys(ask.sets).length === 0 ? 'review' : 'answered';
      ask.message = '';
    } catch (e) {
      if (!(e instanceof Decide.Unknown)) {
        throw e;
      }
      ask.answer = {sets: {...ask.sets}, exact: false, command: command(ask.sets), message: e.message, plan: null, workloads: []};
      ask.state = 'unknown';
      ask.message = e.message;
    }
    showAnswer();
    resolve(ask.answer);
  }, ROWS.length > FEW_ROWS ? 40 : 0)));
}

function showState() {
  const place = document.getElementById('answer');
  place.dataset.state = ask.state;
  place.setAttribute('aria-busy', String(ask.state === 'working'));
}

function changedRows() {
  return ask.answer.workloads.map(w => ({w, i: w.row, row: ROWS[w.row]})).filter(({w, row}) =>
    w.verdict !== row.verdict || isKnown(w.saving_usd) !== isKnown(savingOf(row))
      || (isKnown(w.saving_usd) && Math.abs(w.saving_usd - savingOf(row)) >= .005));
}

function showAnswer() {
  const place = document.getElementById('answer');
  const note = document.getElementById('ranking-note');
  ranking.ask = null;
  note.replaceChildren();
  if (ask.state === 'unknown') {
    place.replaceChildren(h('h3', {}, 'The page cannot tell'),
        h('div', {class: 'note', 'data-testid': 'ask-whatif'}, ask.message + ' Ask for it:', h('code', {}, ask.answer.command)));
  } else if (ask.state === 'review') {
    place.replaceChildren(h('h3', {}, 'As reviewed'), h('p', {class: 'big', 'data-testid': 'whatif-saving'}, usd(PLAN.saving_monthly_usd)),
        h('p', {class: 'soft'}, 'a month saved by the plan. Move a slider: verdicts and savings are decided anew from the replays in '
          + 'this file, by the program\u2019s own formulas.'));
  } else {
    const a = ask.answer;
    const more = a.plan.saving_monthly_usd - PLAN.saving_monthly_usd;
    const changed = changedRows();
    ranking.ask = new Map(a.workloads.map(w => [w.row, w]));
    place.replaceChildren(h('h3', {}, 'At your settings'),
        h('p', {class: 'big', 'data-testid': 'whatif-saving'}, money(a.plan.saving_monthly_usd)),
        h('p', {class: 'soft'}, 'a month saved by the plan, ' + (Math.abs(more) < .005 ? 'as in the review'
          : usd(Math.abs(more)) + (more < 0 ? ' less' : ' more') + ' than in the review') + '; ' + plural(a.plan.workloads, 'workload')
          + ' move, ' + usd(a.plan.initial_usd, 0) + ' paid at the start'
          + (isKnown(a.plan.probability_saves) ? '; saves in ' + percent(a.plan.probability_saves) + ' of futures ('
            + band(a.plan.saving_p10_usd, a.plan.saving_p90_usd) + ')' : '') + '.'),
        changed.length === 0 ? h('p', {class: 'soft'}, 'No workload changes.')
          : h('details', {open: changed.length <= 8}, h('summary', {}, plural(changed.length, 'workload') + ' changed'),
              table('Changed workloads', [['Workload', x => h('span', {class: 'name'}, x.row.workload), {wide: true}],
                ['Review', x => [chip(x.row.verdict), ' ', money(savingOf(x.row))], {num: true}],
                ['Now', x => [chip(x.w.verdict), ' ', money(x.w.saving_usd)], {num: true}]], changed, {'data-testid': 'changed'})),
        h('details', {}, h('summary', {}, 'The same by command'), h('code', {}, a.command)));
    note.replaceChildren(h('div', {class: 'note off'}, 'Verdicts and savings of this table are those of your settings. ',
        h('button', {type: 'button', onclick: reset}, 'Back to the review')));
  }
  showState();
  fillRanking();
}

function reset() {
  document.querySelectorAll('.slider input').forEach(input => {
    input.value = input.dataset.base;
    input.dispatchEvent(new Event('label'));
  });
  return set({});
}

let waitingFor = 0;

function slider(s) {
  const id = 's-' + s.path.replace(/[^a-z0-9]+/gi, '-');
  const base = valueOf(s.path);
  const [low, high] = range(s);
  const start = typeof base === 'number' ? base : 0;
  const output = h('output', {for: id}, s.show(base));
  const input = h('input', {type: 'range', id, min: low, max: high, step: s.step, value: start, 'data-path': s.path, 'data-base': start,
    'data-testid': 'slider-' + s.path, oninput: () => {
      label();
      const now = ++waitingFor;
      // A hand that still moves is not answered yet.
      setTimeout(() => now === waitingFor && set({...ask.sets, [s.path]: Number(input.value)}), 150);
    }, onlabel: () => { output.textContent = s.show(base); }});
  const label = () => {
    output.textContent = s.show(Number(input.value));
    input.setAttribute('aria-valuetext', output.textContent);
  };
  return h('div', {class: 'slider'}, h('label', {for: id}, h('span', {}, s.label), output), input,
      h('span', {class: 'soft'}, s.unit + '; review: ' + s.show(base)));
}

function boxSlider() {
  const boxes = pricedBoxes();
  if (boxes.length === 0) {
    return null;
  }
  const place = h('div', {});
  const fill = id => {
    const box = boxes.find(b => b.id === id);
    const hourly = box.figure === 'hourly-usd';
    place.replaceChildren(slider({path: 'hardware.' + box.id + '.' + box.figure, label: FIGURE[box.figure] + ' a box',
      unit: hourly ? 'an hour' : box.figure === 'price' ? 'once' : 'a month', step: hourly ? .01 : box.usd >= 2000 ? 50 : 10,
      show: x => usd(x, hourly ? 2 : 0)}));
  };
  fill(boxes[0].id);
  return h('div', {}, chooser('Box', boxes.map(b => [b.id, b.name]), boxes[0].id, fill, 'box'), place);
}

function whatIfSection() {
  return h('section', {id: 'whatif', 'data-title': 'What if', 'aria-labelledby': 'whatif-h', class: 'no-print'},
      h('h2', {id: 'whatif-h'}, 'What if the money were otherwise'),
      h('div', {class: 'panel ask'},
          h('div', {}, h('div', {class: 'sliders'}, SLIDERS.map(slider), boxSlider()),
              h('p', {class: 'tools'}, h('button', {type: 'button', 'data-testid': 'reset', onclick: reset}, 'Back to the review'))),
          h('div', {class: 'answer', id: 'answer', 'aria-live': 'polite', 'data-testid': 'answer', 'data-state': 'review'})));
}

/** For others: settings by whatif's paths in, the decision out. docs/report.md is its contract. */
window.homeward = {
  version: R.version,
  document: () => R,
  set,
  reset,
  result: () => ask.answer,
  settable: () => [...R.money.settable.map(key => 'assumptions.' + key), ...R.money.boxes.map(b => 'hardware.' + b.id + '.' + b.figure)],
  sliders: () => [...document.querySelectorAll('.slider input')].map(input => ({path: input.dataset.path, min: Number(input.min),
    max: Number(input.max), value: Number(input.value)})),
};
