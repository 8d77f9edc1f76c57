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

  // What is being typed stays in this tab until it is sent, also when the line drops or the session ends.
  const typed = document.querySelector('textarea[data-keep]');
  if (typed) {
    const name = `${typed.dataset.keep} ${typed.form.action}`;
    if (document.querySelector('.notice.done')) sessionStorage.removeItem(name);
    else typed.value ||= sessionStorage.getItem(name) || '';
    typed.addEventListener('input', () => sessionStorage.setItem(name, typed.value));
  }
  document.querySelector('#sign-out')?.addEventListener('submit', () => sessionStorage.clear());

  document.querySelector('.errors')?.focus();
})();
