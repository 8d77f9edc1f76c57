// The door of an event without a network. What is noted stays in this browser until the server has it; each note has
// a key of its own, so that sending it twice notes it once.
(() => {
  const door = document.querySelector('#door');
  const note = document.querySelector('#by-ticket');
  if (!door || !note) return;
  const shelf = `door ${door.dataset.event}`;
  const token = note.querySelector('[name=csrf_token]').value;
  const says = document.querySelector('#unsent');
  const letters = '23456789abcdefghjkmnpqrstuvwxyz';

  const kept = () => JSON.parse(localStorage.getItem(shelf) || '[]');
  const keep = (notes) => {
    if (notes.length) localStorage.setItem(shelf, JSON.stringify(notes));
    else localStorage.removeItem(shelf);
    says.hidden = !notes.length;
    says.textContent = door.dataset.unsent.replace('#', notes.length.toLocaleString(document.documentElement.lang));
  };
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => letters[byte % letters.length]).join('');

  let isSending = false;
  async function send() {
    if (isSending) return;
    isSending = true;
    try {
      while (kept().length) {
        const [{ once, ...first }] = kept();
        const { label, ...body } = first;
        const answer = await fetch(door.dataset.url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token, 'Idempotency-Key': once },
          body: JSON.stringify(body),
        });
        // Who is on the list no more has come all the same: they are noted by name. All else waits for its time.
        const isUnknown = answer.status === 422 && label;
        if (!answer.ok && answer.status !== 422) break;
        const rest = kept().filter((one) => one.once !== once);
        keep(isUnknown ? [...rest, { once, at: first.at, name: label }] : rest);
      }
    } catch { /* no network: they stay */ }
    isSending = false;
    keep(kept());
  }

  const here = (row) => {
    if (!row) return;
    row.querySelector('.row').replaceChildren(Object.assign(document.createElement('span'), { className: 'tag done', textContent: `✓ ${door.dataset.here}` }));
  };
  const noted = (what, row) => {
    const label = row?.querySelector('.name').textContent;
    keep([...kept(), { once: newKey(), at: new Date().toISOString(), label, ...what }]);
    here(row);
    send();
  };
  const byCode = (text) => document.querySelector(`#people [data-code="${CSS.escape(text.toLowerCase().replace(/\s/g, ''))}"]`);

  document.querySelector('#people')?.addEventListener('submit', (event) => {
    const { who, name, country, once } = event.target.elements;
    if (!who && !name) return;
    event.preventDefault();
    // Somebody without an account is noted by name, under a key that is theirs.
    const what = who ? { who: who.value } : { once: once.value, name: name.value, country: country.value };
    noted(what, event.target.closest('li'));
  });
  note.addEventListener('submit', (event) => {
    const field = note.elements.code;
    const row = byCode(field.value);
    if (!row) return; // the server says what is wrong
    event.preventDefault();
    noted({ code: field.value }, row);
    field.value = '';
    field.focus();
  });
  document.querySelector('#others')?.addEventListener('submit', (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    const { name, people, country } = event.target.elements;
    noted({ name: name.value, people: Math.min(999, Math.max(1, Math.floor(Number(people.value)) || 1)), country: country.value });
    event.target.reset();
  });
  const bare = (text) => text.toLowerCase().normalize('NFKD').replace(/\p{Mn}/gu, '');
  document.querySelector('#q')?.addEventListener('input', (event) => {
    const wanted = bare(event.target.value).split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll('#people > li')) {
      row.hidden = !wanted.every((word) => bare(row.dataset.words).includes(word));
    }
  });

  const camera = document.querySelector('#camera');
  if (window.BarcodeDetector && navigator.mediaDevices && camera) {
    camera.hidden = false;
    camera.addEventListener('click', async () => {
      const view = document.querySelector('#view');
      view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      view.hidden = false;
      await view.play();
      const reader = new BarcodeDetector({ formats: ['qr_code'] });
      const look = async () => {
        for (const { rawValue } of await reader.detect(view)) {
          const code = new URLSearchParams(rawValue.split('?')[1]).get('code') || rawValue;
          const row = byCode(code);
          if (row?.querySelector('[name=who]')) noted({ code }, row);
        }
        setTimeout(look, 400);
      };
      look();
    });
  }

  // Opened again without a network, the page is as it was last. Signing out forgets it.
  async function keepPage() {
    await navigator.serviceWorker.register('/door-worker.js', { scope: '/events/' });
    const pages = await caches.open('door');
    const parts = [...document.querySelectorAll('link[rel=stylesheet], script[src]')].map((part) => part.href || part.src);
    await pages.addAll([location.pathname, ...parts]);
  }
  if (navigator.serviceWorker && window.caches) keepPage().catch(() => {});

  addEventListener('online', send);
  setInterval(send, 20000);
  for (const one of kept()) here(one.who ? document.querySelector(`#people [value="${CSS.escape(one.who)}"]`)?.closest('li') : one.code && byCode(one.code));
  send();
})();
