// Comfort only: every page works without this file.
(() => {
  const pops = () => document.querySelectorAll('details.pop[open]');

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const pop of pops()) {
      pop.open = false;
      pop.querySelector('summary').focus();
    }
  });
  document.addEventListener('click', (event) => {
    for (const pop of pops()) if (!pop.contains(event.target)) pop.open = false;
  });

  // A second press of the same button within five seconds sends nothing.
  const sent = new Map();
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented || event.target.method !== 'post') return;
    const now = Date.now();
    if (now - (sent.get(event.target) || 0) < 5000) event.preventDefault();
    else sent.set(event.target, now);
  });
  addEventListener('pageshow', () => sent.clear());

  document.querySelector('.errors')?.focus();
})();
