/* What all parts use: the document, elements, numbers in words. Text goes in as text, never as HTML. */

/** report.json: at first what the first screens show, the rest of it once it is unpacked. */
const R = JSON.parse(document.getElementById('report').textContent);

/** Puts what was left out into its places: list by list, object by object. */
function add(to, more) {
  for (const [key, value] of Object.entries(more)) {
    if (to[key] !== null && typeof to[key] === 'object') {
      add(to[key], value);
    } else {
      to[key] = value;
    }
  }
}

/** The rest stands packed at the end of the page, which a browser may still be reading. */
async function unpack() {
  if (document.readyState === 'loading') {
    await new Promise(resolve => document.addEventListener('DOMContentLoaded', resolve, {once: true}));
  }
  const packed = Uint8Array.from(atob(document.getElementById('later').textContent), c => c.charCodeAt(0));
  const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'))).text();
  add(R, JSON.parse(text));
}

/** Whoever needs the rest waits for it: all of R is there. */
const rest = unpack();

/** Does something that needs the rest: at once where it is there, so that a click answers a click. */
let isWhole = false;
const withRest = act => isWhole ? act() : rest.then(act, () => {});

/** Rows of the ranking by the names of their columns. */
const ROWS = R.ranking.rows.map(cells => {
  const row = {};
  R.ranking.columns.forEach((column, i) => { row[column.name] = cells[i]; });
  return row;
});

/** An element: attributes by name (on... are listeners, text is its text), then children. */
function h(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      e.addEventListener(name.slice(2), value);
    } else if (name === 'v') {
      e.style.setProperty('--v', value);
    } else {
      e.setAttribute(name, value === true ? '' : value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) {
      e.append(child);
    }
  }
  return e;
}

const isKnown = x => x !== undefined && x !== null && x !== '';
const MINUS = '\u2212';
const numbers = {};

function number(x, decimals) {
  if (!numbers[decimals]) {
    numbers[decimals] = new Intl.NumberFormat('en-US', {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
  }
  const text = numbers[decimals].format(Math.abs(x));
  return (x < 0 && /[1-9]/.test(text) ? MINUS : '') + text;
}

/** Dollars and cents; a dash where unknown. */
function usd(x, decimals = 2) {
  if (!isKnown(x)) {
    return '\u2013';
  }
  const text = number(x, decimals);
  return text.startsWith(MINUS) ? MINUS + '$' + text.slice(1) : '$' + text;
}

const whole = x => isKnown(x) ? number(x, 0) : '\u2013';
const percent = (x, decimals = 0) => isKnown(x) ? number(100 * x, decimals) + ' %' : '\u2013';
const band = (low, high) => isKnown(low) && isKnown(high) ? usd(low) + ' to ' + usd(high) : '\u2013';
const times = x => isKnown(x) ? (x >= 100 ? number(x, 0) : x >= 10 ? number(x, 1) : number(x, 2)) + '\u00d7' : '\u2013';
const plural = (n, one, many) => whole(n) + ' ' + (n === 1 ? one : many || one + 's');

/** Microseconds as people say them. */
function duration(micros) {
  if (!isKnown(micros)) {
    return '\u2013';
  }
  const ms = micros / 1000;
  return ms < 10 ? number(ms, 1) + ' ms' : ms < 1000 ? number(ms, 0) + ' ms'
    : ms < 600000 ? number(ms / 1000, ms < 10000 ? 2 : 1) + ' s' : number(ms / 3600000, 1) + ' h';
}

const VERDICT = {
  MUST_MOVE: 'Must move', MOVE: 'Move', MOVE_WITH_OVERFLOW: 'Move, peaks at API', EVALUATE_FIRST: 'Evaluate first',
  KEEP_API: 'Keep at API', INFEASIBLE: 'Not feasible',
};
const KINDS = {
  input: 'input', cache_read: 'cache read', cache_write_5m: 'cache write, 5 min', cache_write_1h: 'cache write, 1 h',
  output: 'output', audio_input: 'audio in', audio_output: 'audio out', web_search: 'web search',
};

const chip = verdict => h('span', {class: 'chip ' + verdict, 'data-verdict': verdict}, VERDICT[verdict] || verdict);
const money = x => h('span', {class: isKnown(x) && x < 0 ? 'neg' : null}, usd(x));

/** What a row saves: its part of the plan, or alone; of what waits, its part if its evaluation is passed. */
const savingOf = row => isKnown(row.marginal_saving_usd) ? row.marginal_saving_usd
  : isKnown(row.waiting_saving_usd) ? row.waiting_saving_usd : row.saving_monthly_usd;

const boxNames = new Map(R.money.boxes.map(b => [b.id, b.name]));
R.fleets.forEach(f => boxNames.set(f.hardware, f.hardware_name));
const boxName = id => boxNames.get(id) || id;

/** Those that stand before the rest is unpacked. */
const FIRST_SECTIONS = new Set(['overview', 'ranking', 'whatif']);

/** A section with its heading and its place in the navigation. */
function section(id, title, lead, ...children) {
  return h('section', {id, class: FIRST_SECTIONS.has(id) ? null : 'further', 'aria-labelledby': id + '-h', 'data-title': title},
      h('h2', {id: id + '-h'}, title), lead && h('p', {class: 'lead'}, lead), children);
}

/** A table: columns [label, cell(row), {num, wide}], rows. */
function table(caption, columns, rows, attributes) {
  return h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
      h('table', attributes,
          h('caption', {class: 'sr'}, caption),
          h('thead', {}, h('tr', {}, columns.map(([label, , o]) =>
            h('th', {scope: 'col', class: o && o.num ? 'num' : o && o.wide ? 'wide' : null}, label)))),
          h('tbody', {}, rows.map(row => h('tr', {}, columns.map(([label, cell, o]) => tableCell(label, o, cell(row))))))));
}

/** A cell; one that says nothing is known by it. */
function tableCell(label, o, content) {
  const says = content !== '' && content !== '\u2013';
  return h('td', {class: [o && o.num ? 'num' : '', o && o.wide ? 'wide' : '', says ? '' : 'none'].filter(x => x).join(' ') || null,
    'data-label': label}, content);
}

/** A chooser of one of several things. */
function chooser(label, options, chosen, change, testid) {
  const select = h('select', {'data-testid': testid, onchange: e => change(e.target.value)},
      options.map(([value, text]) => h('option', {value, selected: String(value) === String(chosen)}, text)));
  return h('label', {}, label, select);
}

const keyOf = row => row.workload + ' \u00b7 ' + row.hosted_model + ' \u00b7 ' + row.data_class;
