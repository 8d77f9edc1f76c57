// Comfort only: every page works without this file.
(() => {
  if (!document.querySelector('form[action$="/logout"]')) window.caches?.delete('door'); // nobody is signed in
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
  if (document.querySelector('.notice.done')) sessionStorage.clear();
  const form = document.querySelector('form[data-keep]');
  if (form) {
    const name = `${form.dataset.keep} ${location.pathname}${location.search}`;
    const fields = [...form.elements].filter((field) => field.name && !['hidden', 'file', 'submit'].includes(field.type));
    const what = (field) => (['radio', 'checkbox'].includes(field.type) ? 'checked' : 'value');
    const kept = JSON.parse(sessionStorage.getItem(name) || '[]');
    if (kept.length === fields.length && !document.querySelector('.errors')) {
      fields.forEach((field, at) => { field[what(field)] = kept[at]; });
    }
    form.addEventListener('input', () => {
      sessionStorage.setItem(name, JSON.stringify(fields.map((field) => field[what(field)])));
    });
  }
  document.querySelector('#sign-out')?.addEventListener('submit', () => sessionStorage.clear());

  document.querySelector('.errors')?.focus();
})();
