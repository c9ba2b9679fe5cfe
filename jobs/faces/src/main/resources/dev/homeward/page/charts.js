/* Charts: each is drawn by Chart.js when it comes into view, and its figures stand in a table below it. */
const CHARTS = new Map();

// Paper is white whatever the theme: charts take their colours when they are drawn.
let isPrinting = false;

function colours() {
  const root = document.documentElement;
  const theme = root.dataset.theme;
  if (isPrinting) {
    root.dataset.theme = 'light';
  }
  const style = getComputedStyle(root);
  const of = name => style.getPropertyValue(name).trim();
  const all = {ink: of('--ink'), soft: of('--soft'), accent: of('--accent'), grey: of('--grey'), grey2: of('--grey2'),
    grid: of('--grid'), bad: of('--bad'), warn: of('--warn'), shade: of('--shade'), bg: of('--bg'), line: of('--line')};
  if (isPrinting && theme) {
    root.dataset.theme = theme;
  } else if (isPrinting) {
    delete root.dataset.theme;
  }
  return all;
}

function axis(c, title, extra) {
  return {
    grid: {color: c.grid, tickColor: c.grid}, border: {color: c.line}, ticks: {color: c.soft, font: {size: 11}},
    title: {display: Boolean(title), text: title, color: c.soft, font: {size: 11}}, ...extra,
  };
}

const shortUsd = x => (x < 0 ? MINUS : '') + '$' + (Math.abs(x) >= 1e6 ? number(Math.abs(x) / 1e6, 1) + 'M'
  : Math.abs(x) >= 10000 ? number(Math.abs(x) / 1000, 0) + 'k' : number(Math.abs(x), Math.abs(x) < 10 && x !== 0 ? 2 : 0));

const legend = c => ({position: 'bottom', align: 'start', labels: {color: c.soft, boxWidth: 10, boxHeight: 10, font: {size: 11}}});

const usdTicks = c => ({ticks: {color: c.soft, font: {size: 11}, callback: value => shortUsd(value)}});

function draw(canvas) {
  const make = CHARTS.get(canvas);
  if (canvas.chart) {
    canvas.chart.destroy();
  }
  const c = colours();
  const config = make(c);
  config.options = {
    responsive: true, maintainAspectRatio: false, animation: false, locale: 'en-US',
    interaction: {mode: 'index', intersect: false},
    ...config.options,
    plugins: {
      legend: legend(c),
      tooltip: {backgroundColor: c.ink, titleColor: c.bg, bodyColor: c.bg, displayColors: false},
      ...(config.options && config.options.plugins),
    },
  };
  canvas.chart = new Chart(canvas, config);
  canvas.dataset.drawn = 'true';
}

const seen = 'IntersectionObserver' in window ? new IntersectionObserver(entries => entries.forEach(entry => {
  if (entry.isIntersecting && !entry.target.chart) {
    draw(entry.target);
  }
}), {rootMargin: '200px'}) : null;

/** A chart with its title, what it shows in words, and its figures as a table. */
function chart(title, note, make, figures, tall) {
  const canvas = h('canvas', {role: 'img', 'aria-label': title + '. ' + note});
  CHARTS.set(canvas, make);
  if (seen) {
    seen.observe(canvas);
  } else {
    setTimeout(() => draw(canvas));
  }
  return h('figure', {class: 'chart'},
      h('figcaption', {}, title, h('span', {class: 'soft'}, note)),
      h('div', {class: 'canvas' + (tall ? ' tall' : '')}, canvas),
      figures && h('details', {}, h('summary', {}, 'Figures'), figures));
}

function redraw(all) {
  for (const canvas of CHARTS.keys()) {
    if (canvas.isConnected) {
      if (all || canvas.chart) {
        draw(canvas);
      }
    } else if (canvas.chart) {
      // It was shown and is gone.
      canvas.chart.destroy();
      CHARTS.delete(canvas);
    }
  }
}

addEventListener('beforeprint', () => {
  isPrinting = true;
  document.documentElement.classList.add('for-paper');
  redraw(true);
});

addEventListener('afterprint', () => {
  isPrinting = false;
  document.documentElement.classList.remove('for-paper');
  redraw(false);
});

function line(label, data, colour, extra) {
  return {label, data, borderColor: colour, backgroundColor: colour, borderWidth: 2, pointRadius: 2.5, tension: 0, ...extra};
}

/** Why cash does not begin at what is paid once: both figures, in a sentence. */
function cashStart(plan) {
  const [start, next] = plan.cumulative_cash;
  const more = -start.p50_usd - plan.initial_usd;
  if (Math.abs(more) < .5) {
    return null;
  }
  return h('p', {class: 'small soft', 'data-testid': 'cash-start'}, 'It starts at ' + usd(start.p50_usd, 0) + ', not at the '
    + usd(plan.initial_usd, 0) + ' that is paid once for the boxes of today\u2019s calls: ' + (more > 0
    ? usd(more, 0) + ' more are the hours of people who set it up, and any further boxes that the calls of the first '
      + whole(next.month) + ' months need in the middle of all futures.'
    : usd(-more, 0) + ' less, because in the middle of all futures fewer boxes serve the calls of the first ' + whole(next.month)
      + ' months.'));
}

/** Cash in hand over the horizon. */
function cashChart(title, plan) {
  const cash = plan.cumulative_cash;
  const last = cash[cash.length - 1];
  return h('div', {}, chart(title, 'All that was gained since the start less all that was paid. After ' + whole(last.month) + ' months '
      + usd(last.p50_usd, 0) + ' in the middle of all futures, ' + usd(last.p10_usd, 0) + ' to ' + usd(last.p90_usd, 0)
      + ' in eight of ten.',
  c => ({
    type: 'line',
    data: {datasets: [
      line('one future in ten is better', cash.map(m => ({x: m.month, y: m.p90_usd})), c.grey2,
          {borderWidth: 1, pointRadius: 0, fill: '+2', backgroundColor: c.shade}),
      line('middle of all futures', cash.map(m => ({x: m.month, y: m.p50_usd})), c.accent, {pointRadius: 0}),
      line('one in ten is worse', cash.map(m => ({x: m.month, y: m.p10_usd})), c.grey2, {borderWidth: 1, pointRadius: 0}),
    ]},
    options: {scales: {x: axis(c, 'month', {type: 'linear', max: last.month}), y: axis(c, 'cash in hand', usdTicks(c))},
      plugins: {tooltip: {displayColors: false, callbacks: {
        title: items => 'Month ' + items[0].parsed.x, label: item => item.dataset.label + ': ' + usd(item.parsed.y, 0)}}}},
  }),
  table(title, [['Month', m => whole(m.month), {num: true}], ['One in ten is worse', m => usd(m.p10_usd, 0), {num: true}],
    ['Middle', m => usd(m.p50_usd, 0), {num: true}], ['One in ten is better', m => usd(m.p90_usd, 0), {num: true}]], cash)),
  cashStart(plan));
}

/** Dollars a month against the volume: at the API, and on the boxes that the volume needs. */
function volumeChart(i) {
  const row = ROWS[i];
  const w = R.workloads[i];
  const points = w.volumes;
  const flip = w.flip && w.flip.nearest;
  const note = isKnown(flip)
    ? 'The answer flips at ' + times(flip) + ' today\u2019s volume'
      + (w.flip.extrapolated ? ', on the line beyond the most that was replayed.' : '.')
    : 'The answer never flips: ' + (w.flip && w.flip.why || 'not known') + '.';
  const first = points[0];
  const last = points[points.length - 1];
  const apiAt = v => last.api_usd / last.volume * v;
  // A crossing far beyond what was replayed would leave nothing of the rest to see on even scales.
  const isFar = isKnown(flip) && flip > 0 && last.api_usd > 0 && (flip > 2 * last.volume || flip < first.volume / 2);
  const end = isFar && flip > last.volume ? last : first;
  const beyond = (label, from, colour) => line(label, [{x: end.volume, y: from}, {x: flip, y: apiAt(flip)}], colour,
      {borderDash: [5, 4], pointRadius: 0});
  const costs = points.flatMap(p => [p.api_usd, p.local_usd]).concat(isFar ? apiAt(flip) : []).filter(y => y > 0);
  const scale = (c, title, even, text) => axis(c, title, isFar
    ? {type: 'logarithmic', ticks: {color: c.soft, font: {size: 11}, maxRotation: 0,
      callback: value => Number.isInteger(Number(Math.log10(value).toFixed(9))) ? text(value) : ''}}
    : even);
  return chart('Cost against volume: ' + row.workload, note,
      c => ({
        type: 'line',
        data: {datasets: [
          line('at the API', points.map(p => ({x: p.volume, y: p.api_usd})), c.grey),
          line('on ' + boxName(row.hardware), points.map(p => ({x: p.volume, y: p.local_usd})), c.accent),
          ...(isFar ? [beyond('the same lines, beyond what was replayed', end.api_usd, c.grey), beyond('', end.local_usd, c.accent)] : []),
          ...(isKnown(flip) ? [{label: 'flips at ' + times(flip), data: [{x: flip, y: apiAt(flip)}], borderColor: c.ink,
            backgroundColor: c.bg, pointStyle: 'rectRot', pointRadius: 7, borderWidth: 2, showLine: false}] : []),
          {label: 'today', data: [{x: 1, y: isFar ? Math.min(...costs) : 0}, {x: 1, y: Math.max(...costs, 0)}],
            borderColor: c.grey2, borderDash: [4, 4], borderWidth: 1, pointRadius: 0},
        ]},
        options: {
          interaction: {mode: 'nearest', axis: 'x', intersect: false},
          scales: {x: scale(c, 'calls, as a multiple of today\u2019s' + (isFar ? '; each step is ten times the last' : ''),
              {type: 'linear', min: 0}, v => number(v, v < 1 ? 2 : 0) + '\u00d7'),
          y: scale(c, 'a month', {...usdTicks(c), min: 0}, shortUsd)},
          plugins: {legend: {...legend(c), labels: {...legend(c).labels, filter: of => of.text !== ''}}, tooltip: {displayColors: false, callbacks: {
            title: items => times(items[0].parsed.x) + ' today\u2019s volume',
            label: item => item.dataset.label + ': ' + usd(item.parsed.y)}}},
        },
      }),
      table('Cost against volume', [['Volume', p => times(p.volume), {num: true}],
        ['At the API', p => usd(p.api_usd), {num: true}], ['Local', p => usd(p.local_usd), {num: true}],
        ['Saves', p => money(p.api_usd - p.local_usd), {num: true}], ['Boxes', p => whole(p.boxes), {num: true}],
        ['Paid at the API', p => percent(p.overflow_share, 1), {num: true}]], points));
}

/** Which assumption moves a saving by how much. */
function causesChart(title, causes) {
  const most = [...causes].filter(x => x.share >= 0.005).sort((x, y) => y.share - x.share);
  if (most.length === 0) {
    return h('p', {class: 'soft'}, 'Nothing that is uncertain moves it.');
  }
  return chart(title, 'How far each moves the monthly saving up or down, alone, in eight futures of ten. Most: '
      + R.inputs[most[0].input] + ', ' + usd(most[0].usd, 0) + '.',
  c => ({
    type: 'bar',
    data: {labels: most.map(x => R.inputs[x.input]), datasets: [{label: 'up or down', data: most.map(x => x.usd),
      backgroundColor: most.map((x, i) => i === 0 ? c.accent : c.grey2), maxBarThickness: 16}]},
    options: {indexAxis: 'y', scales: {x: axis(c, 'dollars a month', usdTicks(c)),
      y: axis(c, '', {grid: {display: false}})},
    plugins: {legend: {display: false}, tooltip: {displayColors: false, callbacks: {
      label: item => usd(item.parsed.x) + ' a month, ' + percent(most[item.dataIndex].share) + ' of the variance'}}}},
  }),
  table(title, [['Input', x => R.inputs[x.input], {wide: true}], ['Up or down a month', x => usd(x.usd), {num: true}],
    ['Share of the variance', x => percent(x.share), {num: true}]], most));
}
