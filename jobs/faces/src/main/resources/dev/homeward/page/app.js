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
  fillRanking();
  ask.answer = null;
  showAnswer();
  theme();
  navigation();
  document.getElementById('foot').textContent = 'Review ' + R.review.id + ' \u00b7 Homeward ' + R.review.code_version.slice(0, 20) + ' \u00b7 catalog '
    + R.review.catalog_version + ' \u00b7 prices ' + R.review.price_book_version + '. This file asks for nothing: all it shows is in it, and in report.json.';
  const later = [planSection, volumeSection, rhythmSection, latencySection, spendSection, uncertaintySection, dataSection,
    alternativesSection, methodSection];
  const go = () => {
    const make = later.shift();
    if (make) {
      main.append(make());
      setTimeout(go, 0);
    } else {
      navigation();
      document.documentElement.dataset.ready = 'true';
    }
  };
  setTimeout(go, 0);
}

start();
