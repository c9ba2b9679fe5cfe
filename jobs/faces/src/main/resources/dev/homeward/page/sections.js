/* The parts of the report, in the order in which they are read. */

const PLAN = R.plan;
const hasBand = plan => isKnown(plan.saving_p10_usd);

function sum(list, of) {
  return list.reduce((total, x) => total + (of(x) || 0), 0);
}

function boxesOf(steps) {
  const boxes = new Map();
  steps.filter(s => s.count).forEach(s => boxes.set(s.hardware, (boxes.get(s.hardware) || 0) + s.count));
  return boxes;
}

const boxesText = steps => [...boxesOf(steps)].map(([id, n]) => n + ' \u00d7 ' + boxName(id)).join(', ');

// ---- First screen ----

function headline() {
  const moved = PLAN.workloads;
  if (moved === 0) {
    return 'Nothing to move now';
  }
  const saving = PLAN.saving_monthly_usd;
  return 'Move ' + plural(moved, 'workload') + ': ' + (saving < 0 ? 'costs ' + usd(-saving, 0) + ' a month more'
    : 'saves ' + usd(saving, 0) + ' a month');
}

function odds(plan) {
  return [h('strong', {}, band(plan.saving_p10_usd, plan.saving_p90_usd)), ' a month in eight futures of ten; it saves in ',
    h('strong', {}, percent(plan.probability_saves)), ' of them.'];
}

function hero() {
  const api = R.headline.api_forecast_monthly_usd;
  const must = R.headline.verdicts.MUST_MOVE;
  const now = R.headline.api_monthly_usd;
  const kpi = (label, value, more, id) => h('div', {class: 'kpi'}, h('dt', {}, label),
      h('dd', {'data-testid': id}, value, more && h('small', {}, more)));
  return h('section', {id: 'overview', 'data-title': 'Overview', 'aria-labelledby': 'overview-h'},
      h('div', {class: 'hero'},
          h('div', {},
              h('h1', {id: 'overview-h', 'data-testid': 'headline'}, headline()),
              h('p', {class: 'sub'}, hasBand(PLAN)
                ? ['Over ' + whole(R.method.assumptions['horizon-months']) + ' months ', odds(PLAN), ' '] : null,
              PLAN.workloads === 0 ? 'No set of workloads saves more than it costs, everything included. '
                : ['Paid at the start: ', h('strong', {}, usd(PLAN.initial_usd, 0)),
                  PLAN.initial_usd > 0 ? ' for ' + boxesText(PLAN.steps) : '', '. ', payback(PLAN)],
              must > 0 ? ' ' + plural(must, 'workload') + ' must move whatever it costs; that is in these figures.' : '')),
          h('dl', {class: 'kpis', 'data-testid': 'kpis'},
              kpi('The API costs now', usd(now), 'a month' + (R.headline.workloads_without_price
                ? '; ' + plural(R.headline.workloads_without_price, 'workload') + ' without a price' : '')
                + (Math.abs(api - now) >= 0.005 ? '; ' + usd(api) + ' at announced prices' : ''), 'api-now'),
              kpi('The plan saves', money(PLAN.saving_monthly_usd), hasBand(PLAN)
                ? band(PLAN.saving_p10_usd, PLAN.saving_p90_usd) : 'a month', 'plan-saving'),
              kpi('How sure', hasBand(PLAN) ? percent(PLAN.probability_saves) : '\u2013',
                  hasBand(PLAN) ? 'of futures save; net present value ' + usd(PLAN.npv_p50_usd, 0) : 'nothing moves',
                  'plan-probability'),
              kpi('Waits for evaluations', usd(R.waiting.more_saving_monthly_usd),
                  'a month more, if ' + plural(R.waiting.evaluations.length, 'evaluation') + ' passed', 'waiting-saving'))),
      h('div', {class: 'cols'}, doNow(), mustMove(), waits()),
      h('div', {class: 'tiles'}, spendTile(), servedTile(), sureTile(), sinceTile()));
}

function payback(plan) {
  if (!hasBand(plan)) {
    return '';
  }
  return isKnown(plan.payback_months)
    ? plan.payback_months === 0 ? 'Nothing has to come back first.'
      : 'In the middle of all futures the money is back after ' + plural(plan.payback_months, 'month') + '.'
    : 'In the middle of all futures the money is not back within the horizon.';
}

function item(what, amount, more) {
  return h('li', {}, h('span', {class: 'what'}, what), h('span', {class: 'num'}, amount),
      more && h('span', {class: 'more'}, more));
}

const SHOWN = 6;

function some(items) {
  const more = items.length - SHOWN;
  return h('ol', {class: 'lines'}, more > 0
    ? items.slice(0, SHOWN).concat(h('li', {class: 'soft'}, 'and ' + whole(more) + ' more, below')) : items);
}

function doNow() {
  const items = [];
  for (const [id, n] of boxesOf(PLAN.steps)) {
    const of = PLAN.steps.filter(s => s.hardware === id && s.count);
    const capex = sum(of, s => s.capex_usd);
    items.push(item((of[0].action === 'buy' ? 'Buy ' : of[0].action === 'rent' ? 'Rent ' : 'Use ') + n + ' \u00d7 ' + boxName(id),
        capex > 0 ? usd(capex, 0) : usd(-sum(of, s => s.monthly_saving_usd), 0) + ' a month'));
  }
  ROWS.filter(r => isKnown(r.move_order)).sort((a, b) => a.move_order - b.move_order).forEach(r =>
    items.push(item('Move ' + r.workload, [money(r.marginal_saving_usd), ' a month'],
        'from ' + r.hosted_model + ' to ' + r.plan_model + ' on ' + boxName(r.plan_hardware))));
  return h('div', {'data-testid': 'do-now'}, h('h2', {}, 'Do now, in this order'),
      items.length === 0 ? h('p', {class: 'soft small'}, 'Nothing: what could move costs more than the API, everything included.')
        : some(items));
}

function mustMove() {
  const rows = ROWS.map((r, i) => [r, R.workloads[i]]).filter(([r, w]) => r.verdict === 'MUST_MOVE' || w.violations);
  return h('div', {'data-testid': 'must-move'}, h('h2', {}, 'Must leave the API'),
      rows.length === 0 ? h('p', {class: 'soft small'}, 'Nothing: no call went where its data may not go.')
        : some(rows.map(([r, w]) => item(r.workload, chip(r.verdict),
            (w.violations ? 'violation: ' + sum(w.violations, v => v.calls).toLocaleString('en-US') + ' calls of class '
              + r.data_class + ' at ' + [...new Set(w.violations.map(v => v.provider || 'an unnamed provider'))].join(', ')
              : r.data_class)
            + (r.verdict === 'INFEASIBLE' ? '; no local model can take it: ' + w.reasons.map(x => x.text).join('; ')
              : w.ways_to_comply ? '. Cheapest: ' + w.ways_to_comply[0] : '')))));
}

function waits() {
  const all = R.waiting.evaluations;
  return h('div', {'data-testid': 'waits'}, h('h2', {}, 'Waits for an evaluation'),
      all.length === 0 ? h('p', {class: 'soft small'}, 'Nothing that would save more.')
        : some(all.map(e => item(e.workload, usd(e.opens_monthly_usd) + ' a month',
            'test ' + e.local_model + ' on ' + whole(e.tasks) + ' tasks, ' + whole(e.hours) + ' hours of people'
            + (isKnown(e.opens_usd_per_hour) ? ': ' + usd(e.opens_usd_per_hour, 0) + ' a month for each hour' : '')))));
}

function byKind() {
  const kinds = new Map();
  R.workloads.forEach(w => w.spend.kinds.forEach(k => {
    const of = kinds.get(k.kind) || {kind: k.kind, usd: 0, units: 0};
    of.usd += k.usd;
    of.units += k.units;
    kinds.set(k.kind, of);
  }));
  return [...kinds.values()].sort((a, b) => b.usd - a.usd);
}

function spendTile() {
  const kinds = byKind().filter(k => k.usd > 0);
  const all = sum(kinds, k => k.usd);
  const growing = R.workloads.filter(w => w.growth_per_month);
  const api = R.workloads.map((w, i) => [w, ROWS[i].api_forecast_usd || 0]).filter(([w]) => w.growth_per_month);
  const mean = sum(api, ([w, x]) => w.growth_per_month.p50 * x) / (sum(api, ([, x]) => x) || 1);
  return h('div', {}, h('h2', {}, 'What the API costs'),
      h('div', {class: 'stack', 'aria-hidden': 'true'}, kinds.map((k, i) => h('i', {class: 'k' + Math.min(i, 5), v: k.usd / all}))),
      h('ul', {class: 'lines small'}, kinds.slice(0, 4).map((k, i) => h('li', {},
          h('span', {}, h('span', {class: 'key k' + Math.min(i, 5)}), KINDS[k.kind] || k.kind), h('span', {class: 'num'}, usd(k.usd))))),
      growing.length > 0 && h('p', {class: 'small soft'}, 'Calls grow ' + percent(mean, 1)
        + ' a month, by what each workload costs.'));
}

function servedTile() {
  const fleets = R.fleets;
  return h('div', {}, h('h2', {}, 'Served in time'),
      fleets.length === 0 ? h('p', {class: 'small soft'}, 'No fleet in the plan. Each workload\u2019s best box was replayed: see Latency.')
        : h('ul', {class: 'lines small'}, fleets.map(f => h('li', {},
            h('span', {class: 'what'}, f.boxes + ' \u00d7 ' + boxName(f.hardware)), h('span', {class: 'num'}, percent(f.utilization) + ' busy'),
            h('span', {class: 'more'}, plural(f.rows.length, 'workload') + ' on ' + f.local_model + ', within all limits; '
              + whole(f.at_api_calls) + ' of ' + whole(f.calls) + ' calls go to the API')))),
      h('p', {class: 'small soft'}, whole(sum(ROWS.filter(r => isKnown(r.move_order)), r => r.energy_kwh))
        + ' kWh a month if each moved alone.'));
}

function sureTile() {
  const causes = [...(PLAN.sensitivities || [])].sort((a, b) => b.share - a.share).slice(0, 2);
  const flips = R.workloads.map((w, i) => [w, ROWS[i]]).filter(([w, r]) => w.flip && isKnown(w.flip.nearest) && isKnown(r.move_order))
    .sort((a, b) => Math.abs(Math.log(a[0].flip.nearest)) - Math.abs(Math.log(b[0].flip.nearest))).slice(0, 2);
  return h('div', {}, h('h2', {}, 'What it hangs on'),
      h('ul', {class: 'lines small'}, causes.map(c => h('li', {}, h('span', {class: 'what'}, R.inputs[c.input]),
          h('span', {class: 'num'}, '\u00b1 ' + usd(c.usd, 0)))),
      flips.map(([w, r]) => h('li', {}, h('span', {class: 'what'}, r.workload + ' alone flips at'),
          h('span', {class: 'num'}, times(w.flip.nearest) + ' calls')))),
      causes.length + flips.length === 0 && h('p', {class: 'small soft'}, 'Nothing moves.'));
}

function sinceTile() {
  const changes = R.since;
  return h('div', {'data-testid': 'since'}, h('h2', {}, 'Since last month'),
      changes && changes.lines.length > 0
        ? [h('ul', {class: 'lines small'}, changes.lines.slice(0, 4).map(l => h('li', {}, h('span', {}, l)))),
          h('p', {class: 'small soft'}, 'Against the review of ' + changes.month + '.')]
        : h('p', {class: 'small soft'}, changes ? 'Nothing that counts, against the review of ' + changes.month + '.'
          : 'No review of an earlier month was found beside this one. homeward diff EARLIER THIS compares any two.'));
}

// ---- Ranking ----

/** So many rows fill the first screens; the others follow once those are shown. */
const FIRST_ROWS = 40;

const ranking = {sort: 'rank', up: true, verdict: '', text: '', open: new Set(), ask: null, most: FIRST_ROWS};

/** What a row shows: as reviewed, or as the settings asked for have it. */
function shown(i) {
  const row = ROWS[i];
  const asked = ranking.ask && ranking.ask.get(i);
  const inPlan = isKnown(row.marginal_saving_usd);
  const waits = R.workloads[i].waiting;
  if (!asked && !inPlan && waits) {
    return {verdict: row.verdict, saving: row.waiting_saving_usd, low: waits.saving_p10_usd, high: waits.saving_p90_usd,
      odds: waits.probability_saves, hardware: waits.hardware, model: waits.local_model};
  }
  return asked ? {verdict: asked.verdict, saving: asked.saving_usd, low: asked.p10, high: asked.p90, odds: asked.probability,
    hardware: asked.hardware, model: asked.local_model}
    : {verdict: row.verdict, saving: savingOf(row), low: inPlan ? row.plan_saving_p10_usd : row.saving_p10_usd,
      high: inPlan ? row.plan_saving_p90_usd : row.saving_p90_usd,
      odds: inPlan ? row.plan_probability_saves : row.probability_saves,
      hardware: inPlan ? row.plan_hardware : row.hardware, model: inPlan ? row.plan_model : row.local_model};
}

const COLUMNS = [
  ['rank', '#', i => ROWS[i].rank, i => whole(ROWS[i].rank), {num: true}],
  ['workload', 'Workload', i => ROWS[i].workload, null, {wide: true}],
  ['verdict', 'Verdict', i => Object.keys(VERDICT).indexOf(shown(i).verdict), i => chip(shown(i).verdict)],
  ['api', 'API a month', i => ROWS[i].api_forecast_usd, i => usd(ROWS[i].api_forecast_usd), {num: true}],
  ['saving', 'Saves a month', i => shown(i).saving, i => isKnown(shown(i).saving) ? [money(shown(i).saving),
    h('span', {class: 'under'}, isKnown(shown(i).low) ? band(shown(i).low, shown(i).high) : '')] : '\u2013', {num: true}],
  ['odds', 'Saves in', i => shown(i).odds, i => percent(shown(i).odds), {num: true}],
  ['flips', 'Flips at', i => ROWS[i].break_even_volume_ratio, i => times(ROWS[i].break_even_volume_ratio), {num: true}],
  ['box', 'On', i => shown(i).hardware, i => isKnown(shown(i).hardware)
    ? [boxName(shown(i).hardware), h('span', {class: 'under'}, shown(i).model)] : '\u2013', {wide: true}],
  ['growth', 'Growth', i => R.workloads[i].growth_per_month && R.workloads[i].growth_per_month.p50,
    i => R.workloads[i].growth_per_month ? percent(R.workloads[i].growth_per_month.p50, 1) : '\u2013', {num: true}],
  ['confidence', 'Weakest figure', i => ROWS[i].confidence, i => h('span', {class: 'word'}, ROWS[i].confidence)],
];

function ordered() {
  const value = COLUMNS.find(c => c[0] === ranking.sort)[2];
  const words = ranking.text.toLowerCase().split(/\s+/).filter(x => x);
  return ROWS.map((_, i) => i)
    .filter(i => (!ranking.verdict || shown(i).verdict === ranking.verdict)
      && words.every(word => [keyOf(ROWS[i]), ROWS[i].owner, ROWS[i].local_model, ROWS[i].hardware].join(' ')
          .toLowerCase().includes(word)))
    .sort((a, b) => {
      const x = value(a);
      const y = value(b);
      // What is not known stands last, whichever way.
      if (!isKnown(x) || !isKnown(y)) {
        return isKnown(x) ? -1 : isKnown(y) ? 1 : a - b;
      }
      return (x < y ? -1 : x > y ? 1 : 0) * (ranking.up ? 1 : -1) || a - b;
    });
}

/** The rows that follow the first ones. */
function fillRankingFurther() {
  ranking.most = Infinity;
  document.getElementById('ranking-body').append(...ordered().slice(FIRST_ROWS).flatMap(i => rankingRow(i)));
}

function fillRanking() {
  const body = document.getElementById('ranking-body');
  const order = ordered();
  body.replaceChildren(...order.slice(0, ranking.most).flatMap(i => rankingRow(i)));
  document.getElementById('ranking-count').textContent = order.length === ROWS.length
    ? plural(ROWS.length, 'workload') : whole(order.length) + ' of ' + plural(ROWS.length, 'workload');
  document.querySelectorAll('#ranking-table thead th').forEach(th => {
    const mine = th.dataset.sort === ranking.sort;
    if (mine) {
      th.setAttribute('aria-sort', ranking.up ? 'ascending' : 'descending');
    } else {
      th.removeAttribute('aria-sort');
    }
  });
}

function rankingRow(i) {
  const row = ROWS[i];
  const isOpen = ranking.open.has(i);
  const toggle = h('button', {type: 'button', class: 'open', 'aria-expanded': String(isOpen), 'aria-controls': 'detail-' + i,
    'data-testid': 'open-' + i, onclick: () => withRest(() => {
      if (!ranking.open.delete(i)) {
        ranking.open.add(i);
      }
      const now = ranking.open.has(i);
      toggle.setAttribute('aria-expanded', String(now));
      const line = toggle.closest('tr');
      if (now) {
        line.after(detailRow(i));
      } else {
        line.nextElementSibling.remove();
        redraw(false);
      }
    })}, row.workload);
  const cells = COLUMNS.map(([id, label, , cell, o]) => tableCell(label, o, id === 'workload'
    ? [toggle, h('span', {class: 'under'}, row.hosted_model + ' \u00b7 ' + row.data_class + (row.owner ? ' \u00b7 ' + row.owner : ''))]
    : cell(i)));
  const line = h('tr', {'data-testid': 'row-' + i}, cells);
  return isOpen ? [line, detailRow(i)] : [line];
}

const arithmetic = i => R.workloads[i].arithmetic.map(t => R.texts[t]).join('\n');

function detailRow(i) {
  const w = R.workloads[i];
  return h('tr', {class: 'detail', id: 'detail-' + i, 'data-testid': 'detail-' + i}, h('td', {colspan: COLUMNS.length, class: 'wide'},
      h('div', {class: 'two'},
          h('div', {}, h('h3', {}, 'Arithmetic'), h('p', {class: 'soft small'}, 'As homeward explain has it.'),
              h('pre', {'data-testid': 'arithmetic-' + i}, arithmetic(i))),
          h('div', {}, w.volumes ? volumeChart(i) : null,
              w.sensitivities ? causesChart('What moves it, alone', w.sensitivities) : null,
              h('h3', {}, 'API cost by token kind'), kindsTable(w.spend.kinds),
              h('h3', {}, 'Alternatives'), alternatives(i, 'In the row: ')))));
}

const kindsTable = kinds => table('API cost by token kind', [['Kind', k => KINDS[k.kind] || k.kind],
  ['Tokens', k => whole(k.units), {num: true}], ['Cost', k => usd(k.usd), {num: true}]], kinds);

function rankingSection() {
  const head = h('tr', {}, COLUMNS.map(([id, label, , , o]) => h('th', {scope: 'col', class: o && o.num ? 'num' : null, 'data-sort': id},
      h('button', {type: 'button', 'data-testid': 'sort-' + id, onclick: () => {
        ranking.up = ranking.sort === id ? !ranking.up : !['api', 'saving', 'odds', 'growth'].includes(id);
        ranking.sort = id;
        fillRanking();
      }}, label))));
  const filter = h('select', {'data-testid': 'filter-verdict', onchange: e => { ranking.verdict = e.target.value; fillRanking(); }},
      h('option', {value: ''}, 'all verdicts'),
      Object.entries(VERDICT).filter(([v]) => R.headline.verdicts[v] > 0).map(([v, text]) =>
        h('option', {value: v}, text + ' (' + R.headline.verdicts[v] + ')')));
  const search = h('input', {type: 'search', placeholder: 'name, model or owner', 'data-testid': 'search',
    oninput: e => { ranking.text = e.target.value; fillRanking(); }});
  return section('ranking', 'Ranking', 'What moves first, what follows, what stays. A row opens its arithmetic.',
      h('div', {id: 'ranking-note'}),
      h('div', {class: 'tools'}, h('label', {}, 'Search', search), h('label', {}, 'Show', filter),
          h('span', {class: 'soft small', id: 'ranking-count', 'aria-live': 'polite'})),
      h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of the ranking'},
          h('table', {class: 'cards', id: 'ranking-table', 'data-testid': 'ranking'},
              h('caption', {class: 'sr'}, 'Ranking of all workloads'), h('thead', {}, head), h('tbody', {id: 'ranking-body'}))));
}

// ---- Plan ----

const ACTION = {buy: 'Buy', rent: 'Rent', use: 'Use', move: 'Move', share: 'Set up'};

function stepText(s) {
  return s.action === 'share' ? 'Hours for all fleets together'
    : s.action === 'move' ? 'Move ' + ROWS[s.row].workload : ACTION[s.action] + ' ' + s.count + ' \u00d7 ' + boxName(s.hardware);
}

function planSteps(plan, title) {
  return [
    chart(title, 'Saving a month after each step. When all is done: ' + usd(plan.saving_monthly_usd) + '.',
        c => ({
          type: 'bar',
          data: {labels: plan.steps.map(s => String(s.step)), datasets: [{label: 'saved a month, so far',
            data: plan.steps.map(s => s.cumulative_saving_usd),
            backgroundColor: plan.steps.map(s => s.cumulative_saving_usd < 0 ? c.grey2 : c.accent), maxBarThickness: 34}]},
          options: {scales: {x: axis(c, 'step', {grid: {display: false}}), y: axis(c, 'a month', usdTicks(c))},
            plugins: {legend: {display: false}, tooltip: {displayColors: false, callbacks: {
              title: items => stepText(plan.steps[items[0].dataIndex]), label: item => usd(item.parsed.y) + ' a month so far'}}}},
        })),
    table(title, [['Step', s => whole(s.step), {num: true}],
      ['What', s => [stepText(s), h('span', {class: 'under'}, s.action === 'move'
        ? 'to ' + s.local_model + ' under ' + s.engine + ' on ' + boxName(s.hardware) + (s.note ? '; ' + s.note : '') : s.note || '')],
      {wide: true}],
      ['Paid once', s => s.capex_usd ? usd(s.capex_usd) : '', {num: true}],
      ['Costs a month', s => usd(s.monthly_cost_usd), {num: true}],
      ['Saves a month', s => money(s.monthly_saving_usd), {num: true}],
      ['So far', s => money(s.cumulative_saving_usd), {num: true}],
      ['Busy', s => isKnown(s.utilization) ? percent(s.utilization) : '', {num: true}],
      ['Adds in', s => isKnown(s.probability_saves) ? percent(s.probability_saves) + ' of futures' : '', {num: true}]],
    plan.steps, {class: 'cards', 'data-testid': 'plan-steps'}),
  ];
}

function planSection() {
  if (PLAN.steps.length === 0 && R.waiting.steps.length === 0) {
    return section('plan', 'Plan', 'Nothing moves, now or after evaluations.');
  }
  return section('plan', 'Plan', 'What to buy and what to move, one after the other, and the cash over the horizon.',
      PLAN.steps.length === 0 ? h('p', {class: 'soft'}, 'Nothing moves now.')
        : [h('div', {class: 'two'}, h('div', {}, planSteps(PLAN, 'Steps')[0]),
            PLAN.cumulative_cash ? cashChart('Cash over the horizon', PLAN) : null), planSteps(PLAN, 'Steps')[1]],
      R.waiting.steps.length === 0 ? null : h('details', {class: 'waiting'},
          h('summary', {}, 'If every evaluation were passed: ' + usd(R.waiting.saving_monthly_usd) + ' a month, '
            + usd(R.waiting.initial_usd, 0) + ' at the start'),
          planSteps(R.waiting, 'Steps if every evaluation were passed'),
          R.waiting.cumulative_cash ? cashChart('Cash if every evaluation were passed', R.waiting) : null));
}

// ---- What came of it, and the months before ----

/** A figure as measured, and below it as promised. */
const both = (label, promised, measured, show) => [label, m => !isKnown(m[measured]) && !isKnown(m[promised]) ? '\u2013'
  : [show(m[measured]), h('span', {class: 'under'}, 'promised ' + show(m[promised]))], {num: true}];

function realisedSection() {
  const of = R.realised;
  if (!of) {
    return null;
  }
  const ms = x => isKnown(x) ? duration(1000 * x) : '\u2013';
  const rate = x => isKnown(x) ? number(x, x < 10 ? 1 : 0) : '\u2013';
  const got = of.realised_saving_monthly_usd;
  const said = of.promised_saving_monthly_usd;
  return section('realised', 'Realised', isKnown(got) && isKnown(said)
    ? 'What has moved saves ' + usd(got) + ' a month by this month\u2019s calls; ' + usd(said) + ' were promised'
      + (said > 0 ? ' (' + percent(got / said) + ' of it).' : '.')
    : 'What was promised of each move, and what this month\u2019s calls show.',
  h('div', {},
      chart('Saved a month: promised and realised', 'Realised: what the local calls would have cost at the API, less what the fleet '
        + 'was to cost. No log holds what a fleet really costs.', c => ({
        type: 'bar',
        data: {labels: of.moves.map(m => cut(m.workload, 26)), datasets: [
          {label: 'promised', data: of.moves.map(m => m.promised_saving_usd), backgroundColor: c.grey2, maxBarThickness: 18},
          {label: 'realised', data: of.moves.map(m => m.realised_saving_usd), backgroundColor: c.accent, maxBarThickness: 18}]},
        options: {indexAxis: 'y', scales: {x: axis(c, 'a month', usdTicks(c)), y: axis(c, '', {grid: {display: false}})},
          plugins: {tooltip: {displayColors: false, callbacks: {label: item => item.dataset.label + ': ' + usd(item.parsed.x)}}}},
      })),
      table('Money of each move', [
        ['Workload', m => [h('span', {class: 'name'}, m.workload), h('span', {class: 'under'}, [m.data_class,
          m.promised_in && 'promised in ' + m.promised_in].filter(isKnown).join(' \u00b7 '))], {wide: true}],
        ['Promised', m => money(m.promised_saving_usd), {num: true}], ['Realised', m => money(m.realised_saving_usd), {num: true}],
        ['At the API it would cost', m => usd(m.api_equivalent_usd), {num: true}], ['The fleet was to cost', m => usd(m.fleet_usd), {num: true}],
        ['Paid at the API', m => usd(m.overflow_usd), {num: true}]], of.moves, {class: 'cards', 'data-testid': 'realised'})),
  table('Calls and times of each move', [
    ['Workload', m => [h('span', {class: 'name'}, m.workload), h('span', {class: 'under'}, isKnown(m.served_as)
      ? m.served_as + (isKnown(m.local_model) ? ' for ' + m.local_model + ' on ' + boxName(m.hardware) : '') : 'not moved')], {wide: true}],
    both('Local calls a day', 'promised_calls_per_day', 'local_calls_per_day', rate),
    ['At the API', m => rate(m.api_calls_per_day), {num: true}],
    both('Overflow', 'promised_overflow_share', 'overflow_share', x => percent(x, 1)),
    both('TTFT p95', 'promised_ttft_p95_ms', 'ttft_p95_ms', ms), both('Whole call p95', 'promised_e2e_p95_ms', 'e2e_p95_ms', ms),
    ['Note', m => m.note || '', {wide: true}]], of.moves, {class: 'cards'}));
}

const cut = (text, most) => text.length > most ? text.slice(0, most - 1) + '\u2026' : text;

function historySection() {
  const months = R.history;
  if (!months) {
    return null;
  }
  // Several reviews of a month are told apart by their directories.
  const isTwice = new Set(months.map(m => m.review_month)).size < months.length;
  const name = m => m.review_month + (isTwice ? ' ' + m.directory : '');
  const verdicts = Object.keys(VERDICT).filter(v => months.some(m => m.verdicts[v] > 0));
  const moved = months.some(m => isKnown(m.realised_saving_monthly_usd));
  const boxes = m => Object.entries(m.plan_boxes).map(([id, n]) => n + ' \u00d7 ' + boxName(id)).join(', ');
  const lines = [['Calls', m => whole(m.calls)], ['Log covers', m => percent(m.coverage, m.coverage < 1 ? 1 : 0)],
    ['Workloads', m => whole(m.workloads)], ['API a month', m => usd(m.api_forecast_monthly_usd)],
    ...verdicts.map(v => [VERDICT[v], m => whole(m.verdicts[v] || 0)]),
    ['The plan moves', m => whole(m.plan_workloads)], ['The plan saves', m => money(m.plan_saving_monthly_usd)],
    ['in eight futures of ten', m => band(m.plan_saving_p10_usd, m.plan_saving_p90_usd)],
    ['Paid at the start', m => usd(m.plan_initial_usd)], ['for', m => boxes(m) || '\u2013'],
    ...(moved ? [['Of what moved, promised', m => usd(m.promised_saving_monthly_usd)],
      ['and realised', m => money(m.realised_saving_monthly_usd)]] : [])];
  return section('history', 'History', 'The reviews of earlier months beside this one, as each of them said; this one is the last.',
      chart('API and plan, month by month', 'What the API costs a month, what the plan of that month would save'
        + (moved ? ', and what moves came to.' : '.'), c => ({
        type: 'bar',
        data: {labels: months.map(name), datasets: [
          {label: 'the API costs', data: months.map(m => m.api_forecast_monthly_usd), backgroundColor: c.grey2, maxBarThickness: 40},
          {label: 'the plan saves', data: months.map(m => m.plan_saving_monthly_usd), backgroundColor: c.accent, maxBarThickness: 40},
          ...(moved ? [{label: 'moves have realised', data: months.map(m => m.realised_saving_monthly_usd), backgroundColor: c.warn,
            maxBarThickness: 40}] : [])]},
        options: {scales: {x: axis(c, '', {grid: {display: false}}), y: axis(c, 'a month', usdTicks(c))},
          plugins: {tooltip: {displayColors: false, callbacks: {label: item => item.dataset.label + ': ' + usd(item.parsed.y)}}}},
      })),
      table('Months side by side', [['', l => h('span', {class: 'name'}, l[0]), {wide: true}],
        ...months.map(m => [name(m), l => l[1](m), {num: true}])], lines, {class: 'months', 'data-testid': 'history'}));
}

// ---- Volume, rhythm, latency ----

/** A section that shows one of several workloads at a time. */
function oneOf(all, label, testid, show) {
  // The one that matters most comes first: of what moves, then of the others, what saves most.
  const saves = i => isKnown(savingOf(ROWS[i])) ? savingOf(ROWS[i]) : -Infinity;
  const indices = [...all].sort((a, b) => Number(isKnown(ROWS[b].move_order)) - Number(isKnown(ROWS[a].move_order))
    || (saves(a) < saves(b) ? 1 : saves(a) > saves(b) ? -1 : a - b));
  const place = h('div', {});
  const fill = value => { place.replaceChildren(...[show(Number(value))].flat(Infinity).filter(x => x)); redraw(false); };
  const tools = h('div', {class: 'tools'}, chooser(label, indices.map(i => [i, keyOf(ROWS[i])]), indices[0], fill, testid));
  if (indices.length > 0) {
    fill(indices[0]);
  }
  return [tools, place];
}

function volumeSection() {
  const with_ = ROWS.map((_, i) => i).filter(i => R.workloads[i].volumes);
  if (with_.length === 0) {
    return section('volume', 'Volume', 'No workload has a known cost at other volumes.');
  }
  return section('volume', 'Volume', 'Cost against volume, each workload alone on its best boxes: boxes come in whole numbers, '
      + 'so the answer may flip more than once.',
  h('div', {class: 'two'}, h('div', {}, oneOf(with_, 'Workload', 'volume-workload', volumeChart)),
      table('Where the answer flips', [
        ['Workload', i => [h('span', {class: 'name'}, ROWS[i].workload), h('span', {class: 'under'}, ROWS[i].hosted_model)], {wide: true}],
        ['Flips at', i => times(R.workloads[i].flip && R.workloads[i].flip.nearest), {num: true}],
        ['Saves at', i => (R.workloads[i].flip && R.workloads[i].flip.saves || []).map(s => times(s[0]) + ' to ' + times(s[1]))
          .join(', ') || 'no volume replayed', {num: true}]], with_)));
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function heat(calls, what, extra) {
  const most = Math.max(...calls);
  const at = calls.indexOf(most);
  const hours = Array.from({length: 24}, (_, hour) => hour);
  return [
    h('p', {class: 'small'}, 'Busiest hour: ', h('strong', {}, DAYS[Math.floor(at / 24)] + ' ' + String(at % 24).padStart(2, '0') + ':00'),
        ', ' + number(most, most < 10 ? 1 : 0) + ' calls. ', extra),
    h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': what},
        h('table', {class: 'heat', 'data-testid': 'heat'}, h('caption', {}, what),
            h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, h('span', {class: 'sr'}, 'Day')),
                hours.map(x => h('th', {scope: 'col'}, String(x).padStart(2, '0'))))),
            h('tbody', {}, DAYS.map((day, d) => h('tr', {}, h('th', {scope: 'row'}, day), hours.map(hour => {
              const n = calls[d * 24 + hour];
              const v = most > 0 ? Math.sqrt(n / most) : 0;
              return h('td', {v, class: v > .72 ? 'strong' : null}, n === 0 ? '' : number(n, n < 10 ? 1 : 0));
            })))))),
  ];
}

function weekOf(indices) {
  const total = new Array(168).fill(0);
  indices.forEach(i => (R.workloads[i].week_calls || []).forEach((n, slot) => { total[slot] += n; }));
  return total;
}

function fleetRhythm(f) {
  const busiest = Math.max(0, ...f.busy_by_clock);
  const at = f.busy_by_clock.indexOf(busiest);
  return heat(weekOf(f.rows), 'Calls an hour to ' + f.boxes + ' \u00d7 ' + boxName(f.hardware) + ', mean over the month',
      ['Capacity: ' + plural(f.boxes, 'box', 'boxes') + ' with ' + plural(f.replicas, 'replica') + ' of ' + f.local_model
        + ' are busy ' + percent(f.utilization) + ' of the month and ' + percent(busiest) + ' in the busiest hour of the clock ('
        + (at < 24 ? 'weekdays ' : 'weekends ') + String(at % 24).padStart(2, '0') + ':00); ' + whole(f.at_api_calls)
        + ' calls found no room.']);
}

function workloadRhythm(i) {
  const w = R.workloads[i];
  const row = ROWS[i];
  const busiest = w.busiest_hour;
  const most = w.volumes ? Math.max(...w.volumes.filter(p => p.boxes === w.volumes.find(x => x.volume === 1).boxes).map(p => p.volume)) : null;
  return heat(w.week_calls, 'Calls an hour of ' + row.workload + ', mean over the month',
      ['Capacity alone: ' + plural(row.replicas, 'replica') + ' on ' + boxName(row.hardware) + ', busy ' + percent(busiest)
        + ' of the busiest hour', most > 1 ? '; the same boxes serve ' + times(most) + ' these calls (replayed)' : '', '.']);
}

function rhythmSection() {
  const with_ = ROWS.map((_, i) => i).filter(i => R.workloads[i].week_calls);
  if (with_.length === 0) {
    return section('rhythm', 'Rhythm', 'No workload was replayed, so there are no hours to show.');
  }
  const place = h('div', {});
  const choices = [['all', 'all replayed workloads'], ...R.fleets.map((f, n) => ['f' + n, 'fleet: ' + f.boxes + ' \u00d7 '
    + boxName(f.hardware) + ', ' + f.local_model]), ...with_.map(i => [String(i), keyOf(ROWS[i])])];
  const fill = value => place.replaceChildren(...(value === 'all'
    ? heat(weekOf(with_), 'Calls an hour, mean over the month',
        'They hold ' + percent(sum(with_, i => ROWS[i].calls) / R.review.calls, 1) + ' of all calls.')
    : value.startsWith('f') ? fleetRhythm(R.fleets[Number(value.slice(1))]) : workloadRhythm(Number(value))));
  fill(R.fleets.length > 0 ? 'f0' : 'all');
  return section('rhythm', 'Rhythm', 'Calls by hour of the week (' + R.review.timezone
      + ', hours counted from a workload\u2019s first call), and what the fleet can take.',
  h('div', {class: 'tools'}, chooser('Show', choices, R.fleets.length > 0 ? 'f0' : 'all', fill, 'rhythm-of')), place);
}

function latencySection() {
  const with_ = ROWS.map((_, i) => i).filter(i => R.workloads[i].latency.ttft_us || R.workloads[i].latency.e2e_us);
  if (with_.length === 0) {
    return section('latency', 'Latency', 'No workload was replayed.');
  }
  const metrics = {
    ttft: ['Time to first token', 'ttft_us', 'ttft_p95_limit_us', 'log_ttft_p95_us'],
    tpot: ['Time per output token', 'tpot_us', 'tpot_p95_limit_us', 'log_tpot_p95_us'],
    e2e: ['Whole call', 'e2e_us', 'e2e_p95_limit_us', 'log_e2e_p95_us'],
  };
  const place = h('div', {});
  const fill = metric => {
    const [title, of, limit, log] = metrics[metric];
    place.replaceChildren(table(title, [
      ['Workload', i => [h('span', {class: 'name'}, ROWS[i].workload), h('span', {class: 'under'}, 'on ' + boxName(ROWS[i].hardware))], {wide: true}],
      ['p50', i => duration(R.workloads[i].latency[of] && R.workloads[i].latency[of][0]), {num: true}],
      ['p95', i => duration(R.workloads[i].latency[of] && R.workloads[i].latency[of][1]), {num: true}],
      ['p99', i => duration(R.workloads[i].latency[of] && R.workloads[i].latency[of][2]), {num: true}],
      ['Limit of p95', i => isKnown(R.workloads[i].latency[limit]) ? duration(R.workloads[i].latency[limit]) : 'none', {num: true}],
      ['p95 of the limit', i => {
        const l = R.workloads[i].latency;
        if (!isKnown(l[limit]) || !l[of]) {
          return '\u2013';
        }
        const share = l[of][1] / l[limit];
        return [percent(share), h('span', {class: 'meter' + (share > 1 ? ' over' : ''), 'aria-hidden': 'true'}, h('i', {v: share}))];
      }],
      ['API in the log, p95', i => duration(R.workloads[i].latency[log]), {num: true}],
      ['Within limits', i => percent(R.workloads[i].latency.slo_attainment, 1), {num: true}]],
    with_, {class: 'cards', 'data-testid': 'latency'}));
  };
  fill('ttft');
  return section('latency', 'Latency', 'Replayed on each workload\u2019s best boxes alone, against its limits, beside what the API '
      + 'took in the log.',
  h('div', {class: 'tools'}, chooser('Show', Object.entries(metrics).map(([k, v]) => [k, v[0]]), 'ttft', fill, 'latency-metric')),
  place);
}

// ---- Spend ----

function spendGroups(by) {
  const groups = new Map();
  R.workloads.forEach((w, i) => {
    const name = ROWS[i][by] || 'none';
    const of = groups.get(name) || {name, kinds: {}, usd: 0, units: 0};
    w.spend.kinds.forEach(k => {
      of.kinds[k.kind] = (of.kinds[k.kind] || 0) + k.usd;
      of.usd += k.usd;
      of.units += k.kind === 'web_search' ? 0 : k.units;
    });
    groups.set(name, of);
  });
  return [...groups.values()].sort((a, b) => b.usd - a.usd);
}

function spendChart(by, title) {
  const groups = spendGroups(by);
  const top = groups.slice(0, 12);
  const kinds = byKind().map(k => k.kind);
  const shades = c => [c.accent, c.grey, c.grey2, c.warn, c.soft, c.line, c.bad, c.ink];
  return [
    chart(title, 'The logged calls at the price book of their day: ' + usd(sum(groups, g => g.usd)) + ' in all'
        + (groups.length > 12 ? '; the twelve largest of ' + groups.length : '') + '.',
    c => ({
      type: 'bar',
      data: {labels: top.map(g => g.name.length > 26 ? g.name.slice(0, 25) + '\u2026' : g.name),
        datasets: kinds.map((kind, n) => ({label: KINDS[kind] || kind, data: top.map(g => g.kinds[kind] || 0),
          backgroundColor: shades(c)[n % 8], maxBarThickness: 18}))},
      options: {indexAxis: 'y', scales: {x: axis(c, 'in the period', {...usdTicks(c), stacked: true}),
        y: axis(c, '', {stacked: true, grid: {display: false}})},
      plugins: {tooltip: {displayColors: false, callbacks: {label: item => item.dataset.label + ': ' + usd(item.parsed.x)}}}},
    }), null, true),
    table(title, [['Name', g => g.name, {wide: true}],
      ...kinds.map(kind => [KINDS[kind] || kind, g => g.kinds[kind] ? usd(g.kinds[kind]) : '', {num: true}]),
      ['All', g => usd(g.usd), {num: true}], ['Tokens', g => whole(g.units), {num: true}]], groups, {class: 'cards'}),
  ];
}

function perMillionTable() {
  const with_ = ROWS.map((_, i) => i).filter(i => R.workloads[i].usd_per_million_tokens);
  const of = i => R.workloads[i].usd_per_million_tokens;
  return h('div', {},
      h('div', {}, h('h3', {}, 'Dollars a million tokens, each workload alone'),
          table('Dollars a million tokens', [['Workload', i => ROWS[i].workload, {wide: true}],
            ['At the API', i => usd(of(i).api), {num: true}], ['On its best boxes', i => usd(of(i).local), {num: true}]], with_)),
      h('div', {}, h('h3', {}, 'The fleets of the plan: idle, as used, used all the time'),
          R.fleets.length === 0 ? h('p', {class: 'soft'}, 'The plan has no fleet.')
            : table('Fleets of the plan', [
              ['Fleet', f => [f.boxes + ' \u00d7 ' + boxName(f.hardware), h('span', {class: 'under'}, f.local_model)], {wide: true}],
              ['Idle, a month', f => usd(f.idle_monthly_usd), {num: true}],
              ['As used', f => [usd(f.today_monthly_usd), h('span', {class: 'under'}, percent(f.utilization) + ' busy')], {num: true}],
              ['A million tokens as used', f => usd(f.usd_per_million_tokens_today), {num: true}],
              ['If busy all the time', f => usd(f.usd_per_million_tokens_full), {num: true}]], R.fleets, {class: 'cards'}),
          h('p', {class: 'soft small'}, 'Boxes, power, space and the hours of people, without what still goes to the API. Busy all '
            + 'the time is a bound: the same mix of calls, without a pause.')));
}

function spendSection() {
  const place = h('div', {});
  const names = {workload: 'Spend by workload', hosted_model: 'Spend by model', owner: 'Spend by owner', data_class: 'Spend by data class'};
  const fill = by => {
    const [figure, figures] = spendChart(by, names[by]);
    place.replaceChildren(figure, h('details', {}, h('summary', {}, 'Figures'), figures));
    redraw(false);
  };
  fill('workload');
  return section('spend', 'Spend', 'What the API charged, by token kind, and what a million tokens cost where.',
      h('div', {class: 'tools'}, chooser('By', Object.entries({workload: 'workload', hosted_model: 'model', owner: 'owner',
        data_class: 'data class'}), 'workload', fill, 'spend-by')), place, perMillionTable());
}

// ---- Uncertainty, compliance, alternatives, method ----

function uncertaintySection() {
  const with_ = ROWS.map((_, i) => i).filter(i => R.workloads[i].sensitivities && R.workloads[i].outlook);
  return section('uncertainty', 'Uncertainty', 'Which assumption matters most. Each future has its own growth, API prices, step times, '
      + 'token counts, hours of people, electricity, box prices and prefix caches.',
  h('div', {class: 'two'},
      PLAN.sensitivities ? causesChart('The plan', PLAN.sensitivities) : h('p', {class: 'soft'}, 'Nothing moves, so nothing moves it.'),
      with_.length > 0 ? h('div', {}, oneOf(with_, 'Workload alone', 'causes-workload', i => [
        h('p', {class: 'small'}, usd(R.workloads[i].outlook.saving_p50_usd) + ' a month in the middle of all futures, '
          + band(R.workloads[i].outlook.saving_p10_usd, R.workloads[i].outlook.saving_p90_usd) + ' in eight of ten; saves in '
          + percent(R.workloads[i].outlook.probability_saves) + '. Growth: '
          + (R.workloads[i].growth_per_month ? percent(R.workloads[i].growth_per_month.p50, 1) + ' a month, '
            + R.workloads[i].growth_per_month.source : 'not known') + '.'),
        causesChart(ROWS[i].workload, R.workloads[i].sensitivities)])) : null));
}

const QUALITY = {
  records: 'records read', calls: 'calls', duplicates: 'duplicates left out', nested: 'nested calls left out',
  ignored: 'records that are no calls', rejected: 'records rejected', buckets: 'buckets of usage reports', made_up: 'calls made up',
  proxy_cache_hits: 'answered by a proxy\u2019s cache', failures: 'failures that consumed nothing',
  missing_usage: 'calls without token counts',
};

function dataSection() {
  const q = R.data_quality || {};
  const violations = ROWS.flatMap((r, i) => (R.workloads[i].violations || []).map(v => ({...v, r, w: R.workloads[i]})));
  const unpriced = ROWS.map((r, i) => [r, R.workloads[i]]).filter(([, w]) => w.spend.problem);
  const facts = Object.entries(QUALITY).filter(([key]) => isKnown(q[key]) && (q[key] !== 0 || key === 'rejected'))
    .map(([key, text]) => [text, whole(q[key])]);
  facts.push(['coverage of the month', percent(R.review.coverage, 2) + (R.review.coverage === 1 ? '' : R.review.coverage_by_time ? ', by time'
    : ', by the calls that its hours of the week usually have')]);
  facts.push(['calls without a data class', percent(q.untagged_share, 2)]);
  Object.entries(q.rejected_by_reason || {}).forEach(([reason, n]) => facts.push(['rejected: ' + reason, whole(n)]));
  return section('data', 'Compliance and data', 'Where data went that may not be there, and how good the log is.',
      h('div', {class: 'two'},
          h('div', {}, h('h3', {}, 'Violations'), violations.length === 0 ? h('p', {class: 'soft'}, 'None.')
            : table('Violations', [['Workload', v => [h('span', {class: 'name'}, v.r.workload), h('span', {class: 'under'}, v.r.hosted_model)], {wide: true}],
              ['Class', v => v.r.data_class], ['Went to', v => (v.provider || 'unnamed') + (v.region ? ', ' + v.region : '')],
              ['Calls', v => whole(v.calls), {num: true}], ['Verdict', v => chip(v.r.verdict)]], violations, {'data-testid': 'violations'}),
          violations.filter(v => v.w.ways_to_comply).map(v => [h('h3', {}, 'Ways to comply: ' + v.r.workload),
            h('ul', {class: 'lines small'}, v.w.ways_to_comply.map(x => h('li', {}, h('span', {}, x))))])),
          h('div', {}, h('h3', {}, 'Data quality'), h('dl', {class: 'kv', 'data-testid': 'quality'},
              facts.map(([text, value]) => [h('dt', {}, text), h('dd', {}, value)])),
          h('h3', {}, 'Without a price'), unpriced.length === 0 ? h('p', {class: 'soft'}, 'None.')
            : h('ul', {class: 'lines small'}, unpriced.map(([r, w]) => item(r.workload, whole(r.calls) + ' calls', w.spend.problem))))));
}

/** place: what tells two such tables of one workload apart for those who do not see them. */
function alternatives(i, place = '') {
  const of = R.workloads[i].alternatives;
  const t = n => R.texts[n];
  return h('div', {'data-testid': 'alternatives'},
      h('p', {class: 'small soft'}, plural(of.weighed, 'alternative') + ' weighed, ' + whole(of.viable.length) + ' can be chosen.'),
      of.viable.length > 0 && table(place + 'Alternatives that can be chosen for ' + ROWS[i].workload, [
        ['Model', a => [t(a[0]), h('span', {class: 'under'}, t(a[1]) + ' under ' + t(a[2]))], {wide: true}],
        ['On', a => [t(a[3]) + (a[4] > 1 ? ' \u00d7' + a[4] : ''), a.length > 7 && h('span', {class: 'under'}, t(a[7]))]],
        ['Costs a month', a => usd(a[5]), {num: true}], ['Saves', a => money(a[6]), {num: true}]],
      [...of.viable].sort((a, b) => (isKnown(a[5]) ? a[5] : Infinity) - (isKnown(b[5]) ? b[5] : Infinity))),
      of.fallen.map(group => h('details', {}, h('summary', {}, whole(group.count) + ' fell out: ' + t(group.text)),
          table(t(group.text), [['Model and engine', m => t(m[0]), {wide: true}], ['Ways', m => whole(m[1]), {num: true}],
            ['On', m => t(m[2]), {wide: true}], ['The first of them', m => t(m[3]), {wide: true}]], group.models, {class: 'cards'}))));
}

function alternativesSection() {
  const with_ = ROWS.map((_, i) => i).filter(i => R.workloads[i].alternatives.weighed > 0);
  return section('alternatives', 'Alternatives', 'Every way to serve a workload locally that was weighed, and why it fell out.',
      with_.length === 0 ? h('p', {class: 'soft'}, 'None was weighed.') : oneOf(with_, 'Workload', 'alternatives-workload', alternatives));
}

const KIND_WORDS = {measured: 'read off a machine', vendor: 'stated by who sells it', published: 'stated by a third party',
  assumed: 'assumed, with its reason', extrapolated: 'scaled from a part of the month', synthesised: 'arrivals made up'};

function methodSection() {
  const m = R.method;
  const counts = {};
  ROWS.forEach(r => { counts[r.confidence] = (counts[r.confidence] || 0) + 1; });
  const say = value => typeof value === 'object' ? JSON.stringify(value) : String(value);
  return section('method', 'Method and provenance', 'Each call of the log was replayed on the boxes; costs are a month\u2019s, everything '
      + 'included. A figure is as sure as its weakest input: ' + Object.entries(counts).map(([k, n]) => n + ' '
      + (n === 1 ? 'workload' : 'workloads') + ' rest on ' + k + ' figures (' + (KIND_WORDS[k] || k) + ')').join(', ') + '. docs/method.md has every formula.',
  h('details', {}, h('summary', {}, 'Assumptions (' + m.given.length + ' given, the others by default; situation: ' + R.review.situation + ')'),
      table('Assumptions', [['Key', e => h('code', {}, e[0])], ['Value', e => say(e[1]), {wide: true}],
        ['', e => m.given.includes(e[0]) ? 'given' : 'default']], Object.entries(m.assumptions))),
  h('details', {}, h('summary', {}, 'Sources of the figures of chosen boxes, models, engines and prices (' + m.sources.length + ')'),
      table('Sources', [['Of', s => s.of, {wide: true}], ['Figure', s => s.figure], ['Kind', s => s.kind],
        ['From', s => s.reference, {wide: true}], ['Date', s => s.date]], m.sources, {class: 'cards'})),
  h('details', {}, h('summary', {}, 'Columns of the ranking'), h('dl', {class: 'kv'}, R.ranking.columns.map(c =>
    [h('dt', {}, h('code', {}, c.name)), h('dd', {}, c.meaning)]))));
}
