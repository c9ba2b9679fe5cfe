/* Puts the report together. What is below the first screens is made when the browser has a moment. */

function theme() {
  const button = document.getElementById('theme');
  const names = ['auto', 'light', 'dark'];
  let at = 0;
  button.addEventListener('click', () => {
    at = (at + 1) % names.length;
    if (names[at] === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = names[at];
    }
    button.textContent = 'Theme: ' + names[at];
    redraw(false);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw(false));
}

function navigation() {
  document.getElementById('nav').replaceChildren(...[...document.querySelectorAll('main section[data-title]')].map(s =>
    h('a', {href: '#' + s.id}, s.dataset.title)));
}

function start() {
  const month = new Date(R.review.month + '-15T00:00:00Z').toLocaleDateString('en-US', {month: 'long', year: 'numeric', timeZone: 'UTC'});
  document.title = 'Homeward report, ' + month;
  document.getElementById('meta').textContent = 'Review of ' + month + ' \u00b7 ' + plural(R.review.workloads, 'workload') + ' \u00b7 '
    + plural(R.review.calls, 'call') + ' \u00b7 ' + R.review.timezone + ' \u00b7 log covers ' + percent(R.review.coverage, R.review.coverage < 1 ? 1 : 0)
    + ' \u00b7 ' + R.review.situation_name;
  const main = document.getElementById('main');
  main.replaceChildren(hero(), rankingSection(), whatIfSection());
  showAnswer();
  theme();
  navigation();
  document.getElementById('foot').textContent = 'Review ' + R.review.id + ' \u00b7 Homeward ' + R.review.code_version.slice(0, 20) + ' \u00b7 catalog '
    + R.review.catalog_version + ' \u00b7 prices ' + R.review.price_book_version + '. This file asks for nothing: all it shows is in it, and in report.json.';
  // The first screens are painted before anything else is done.
  requestAnimationFrame(() => setTimeout(() => rest.then(further, cannotUnpack), 0));
}

/** A hand on the page waits no longer than about this. */
const LONGEST_MS = 50;

/** What stands below the first screens, a part at a time, so that a hand on the page is answered between them. */
async function further() {
  isWhole = true;
  const main = document.getElementById('main');
  const parts = [fillRankingFurther, ...[planSection, realisedSection, historySection, volumeSection, rhythmSection, latencySection, spendSection, uncertaintySection,
    dataSection, alternativesSection, methodSection].map(make => () => main.append(...[make()].filter(isKnown)))];
  let since = performance.now();
  for (const part of parts) {
    part();
    if (performance.now() - since > LONGEST_MS) {
      await new Promise(resolve => setTimeout(resolve, 0));
      since = performance.now();
    }
  }
  navigation();
  document.documentElement.dataset.ready = 'true';
  settle();
}

/** What is out of view is laid out when the browser has a moment, so that the page has its height and can be captured whole. */
function settle() {
  const next = document.querySelector('.further');
  if (next) {
    const now = () => { next.classList.remove('further'); settle(); };
    'requestIdleCallback' in window ? requestIdleCallback(now, {timeout: 500}) : setTimeout(now, 50);
  }
}

function cannotUnpack(why) {
  fillRankingFurther();
  document.getElementById('main').append(h('p', {class: 'note', role: 'alert'}, 'What follows the first screens could not be unpacked ('
    + why.message + '): the file is cut short, or this browser is older than 2023. report.json beside it holds all of it.'));
  document.documentElement.dataset.ready = 'part';
}

start();
