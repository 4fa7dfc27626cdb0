'use strict';
// One view per word behind #. Everything from the API is set as text, never as markup.

const view = document.getElementById('view');
const said = document.getElementById('said');

// --- small tools ---

function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === 'onclick' || name === 'onsubmit') element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined).map(asNode));
  return element;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

function say(text, isBad) {
  said.textContent = text;
  said.className = isBad ? 'bad' : '';
}

async function call(path, method) {
  const change = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
  const response = await fetch(path, method === 'POST' ? change : {});
  const answer = await response.json().catch(() => ({ error: 'The console did not answer with JSON.' }));
  if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status });
  return answer;
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value);
  return given.length ? '?' + new URLSearchParams(given) : '';
}

// Rare items are looked for page by page: an empty page may have a next one.
async function page(path, parameters) {
  let answer = await call(path + query(parameters));
  for (let tries = 0; !answer.items.length && answer.next && tries < 20; tries++) {
    answer = await call(path + query({ ...parameters, after: answer.next }));
  }
  return answer;
}

function time(iso) {
  return iso ? iso.replace('T', ' ').replace(/\.\d+/, '') : '';
}

function link(words, ...to) {
  return el('a', { href: '#' + to.map(encodeURIComponent).join('/') }, words);
}

function appointmentLink(source, identifier) {
  return identifier && source ? link(identifier, 'appointments', source, identifier) : identifier || '';
}

function table(columns, rows) {
  const head = el('tr', {}, columns.map(([name, , kind]) => el('th', { scope: 'col', class: kind }, name)));
  const body = rows.map(row =>
    el('tr', {}, columns.map(([, value, kind]) => el('td', { class: kind }, cell(value(row))))));
  return el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, head), el('tbody', {}, body)));
}

function cell(value) {
  return value === null || value === undefined ? '' : value;
}

// Rows with a button for those that follow.
function list(path, parameters, columns, first) {
  const place = el('div');
  const add = answer => {
    place.append(answer.items.length ? table(columns, answer.items) : el('p', {}, 'Nothing here.'));
    if (!answer.next) return;
    const more = el('button', { type: 'button', onclick: guarded(async () => {
      const following = await page(path, { ...parameters, after: answer.next });
      more.remove();
      add(following);
    }) }, 'More');
    place.append(more);
  };
  add(first);
  return place;
}

function guarded(work) {
  return async event => {
    if (event) event.preventDefault();
    try {
      await work(event);
    } catch (failure) {
      say(failure.message, true);
    }
  };
}

function action(words, path, done) {
  return el('button', { type: 'button', onclick: guarded(async () => {
    const answer = await call(path, 'POST');
    await show();
    say(done + ' It is now ' + answer.status + '.');
  }) }, words);
}

// A form whose fields become the parameters behind #view?…
function filters(name, fields, values) {
  const controls = fields.map(([field, words, choices]) => {
    const control = choices
      ? el('select', { name: field }, ['', ...choices].map(choice => el('option', { value: choice }, choice || 'all')))
      : el('input', { name: field, placeholder: field === 'from' || field === 'to' ? '2026-03-01' : null });
    control.value = values[field] || '';
    return el('label', {}, words, control);
  });
  const submit = event => {
    event.preventDefault();
    location.hash = name + query(Object.fromEntries(new FormData(event.target)));
  };
  return el('form', { onsubmit: submit }, controls, el('button', {}, 'Show'));
}

function facts(pairs) {
  return el('dl', {}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

// --- the views ---

const notificationColumns = [
  ['id', row => link(row.id, 'notifications', row.id)],
  ['received', row => time(row.receivedAt)],
  ['source', row => row.source],
  ['status', row => row.status],
  ['event', row => row.event],
  ['appointment', row => appointmentLink(row.source, row.appointment)],
  ['attempts', row => row.attempts, 'number'],
];

function replay(row) {
  return action('Replay', '/api/notifications/' + encodeURIComponent(row.id) + '/replay', row.id + ' was taken back in.');
}

const parkedColumns = [
  ...notificationColumns.slice(0, 3),
  notificationColumns[5],
  ['reason', row => row.reason],
  ['', replay],
];

async function notifications(parameters, id) {
  if (id) return notification(id);
  const isPlain = Object.keys(parameters).length === 0;
  const parked = isPlain || parameters.status === 'parked'
    ? await page('/api/notifications', { ...parameters, status: 'parked' }) : null;
  const parts = [el('h1', {}, 'Notifications'), filters('notifications', [
    ['status', 'Status', ['received', 'processed', 'duplicate', 'parked']], ['source', 'Source'],
    ['appointment', 'Appointment'], ['from', 'From'], ['to', 'Before']], parameters)];
  if (parked && (parked.items.length || !isPlain)) {
    parts.push(el('section', { class: 'parked' }, el('h2', {}, 'Parked: these wait for you'),
      list('/api/notifications', { ...parameters, status: 'parked' }, parkedColumns, parked)));
  }
  if (parameters.status !== 'parked') {
    const latest = await page('/api/notifications', parameters);
    parts.push(el('h2', {}, 'Newest first'), list('/api/notifications', parameters, notificationColumns, latest));
  }
  return parts;
}

async function notification(id) {
  const row = await call('/api/notifications/' + encodeURIComponent(id));
  return [el('h1', {}, 'Notification ' + row.id),
    facts([['source', row.source], ['received', time(row.receivedAt)], ['status', row.status], ['reason', row.reason],
      ['event', row.event], ['appointment', appointmentLink(row.source, row.appointment)], ['attempts', row.attempts]]),
    row.status === 'parked' ? replay(row) : null,
    el('h2', {}, 'As it was sent'), el('pre', {}, row.purgedAt ? 'Purged on ' + time(row.purgedAt) + '.' : pretty(row.body || ''))];
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (notJson) {
    return text;
  }
}

async function appointments(parameters, source, identifier) {
  if (identifier) return appointment(source, identifier);
  const find = el('form', { onsubmit: event => {
    event.preventDefault();
    const asked = new FormData(event.target);
    location.hash = ['appointments', asked.get('source'), asked.get('identifier')].map(encodeURIComponent).join('/');
  } }, el('label', {}, 'Source', el('input', { name: 'source', required: '' })),
  el('label', {}, 'Identifier', el('input', { name: 'identifier', required: '' })), el('button', {}, 'Open'));
  return [el('h1', {}, 'Appointments'), find, filters('appointments', [
    ['source', 'Source'], ['status', 'Status'], ['patient', 'Patient reference'], ['from', 'Starts from'], ['to', 'Starts before']],
  parameters),
  list('/api/appointments', parameters, [
    ['identifier', row => appointmentLink(row.source, row.identifier)], ['source', row => row.source],
    ['status', row => row.status], ['start', row => time(row.start)], ['zone', row => row.zone],
    ['practitioner', row => row.practitioner], ['location', row => row.location], ['type', row => row.type],
    ['version', row => row.version, 'number']], await page('/api/appointments', parameters))];
}

async function appointment(source, identifier) {
  const row = await call('/api/appointments/' + encodeURIComponent(source) + '/' + encodeURIComponent(identifier));
  return [el('h1', {}, 'Appointment ' + row.identifier),
    facts([['source', row.source], ['status', row.status], ['start', time(row.start)], ['end', time(row.end)],
      ['zone', row.zone], ['practitioner', row.practitioner], ['location', row.location], ['type', row.type],
      ['version', row.version], ['replaces', appointmentLink(row.source, row.replaces)],
      ['replaced by', appointmentLink(row.source, row.replacedBy)]]),
    el('h2', {}, 'Timeline'), table([
      ['at', entry => time(entry.at)], ['event', entry => entry.event],
      ['changes', entry => el('div', {}, entry.changes.map(change =>
        el('div', {}, change.field + ': ' + (change.before || 'unknown') + ' → ' + (change.after || 'unknown'))))],
      ['notification', entry => link(entry.notification, 'notifications', entry.notification)]], row.timeline),
    el('h2', {}, 'Deliveries'), row.deliveries.length ? table(deliveryColumns, row.deliveries) : el('p', {}, 'None was planned.')];
}

function operate(row) {
  const path = '/api/deliveries/' + encodeURIComponent(row.id);
  if (row.status === 'dead') return action('Retry', path + '/retry', 'Delivery ' + row.id + ' is due again.');
  if (row.status === 'planned') return action('Cancel', path + '/cancel', 'Delivery ' + row.id + ' will not be sent.');
  if (row.status === 'uncertain') {
    return el('div', {}, action('Send again', path + '/retry', 'Delivery ' + row.id + ' is due again.'),
      action('Leave it', path + '/cancel', 'Delivery ' + row.id + ' will not be sent again.'));
  }
  return null;
}

// Too many messages to people at once: an operator looks at what waits, and lets it go.
async function brake() {
  const lever = await call('/api/brake');
  if (!lever.pulled) return null;
  const release = el('button', { type: 'button', onclick: guarded(async () => {
    await call('/api/brake/release', 'POST');
    await show();
    say('The brake is released: what was held goes out, if it is still true.');
  }) }, 'Release');
  return el('section', { class: 'parked' }, el('h2', {}, 'The brake holds messages to people'),
    el('p', {}, 'More than ' + lever.brake + ' since ' + time(lever.since) + '; ' + lever.held + ' wait.'), release);
}

const deliveryColumns = [
  ['id', row => link(row.id, 'deliveries', row.id)],
  ['appointment', row => appointmentLink(row.source, row.appointment)],
  ['text', row => row.text || 'event'], ['channel', row => row.channel],
  ['for', row => row.audience], ['recipient', row => row.recipient],
  ['due', row => time(row.due)], ['status', row => row.status], ['reason', row => row.reason],
  ['attempts', row => row.attempts, 'number'], ['', operate],
];

async function deliveries(parameters, id) {
  if (id) return delivery(id);
  return [el('h1', {}, 'Deliveries'), await brake(), filters('deliveries', [
    ['status', 'Status', ['planned', 'sending', 'uncertain', 'sent', 'dead', 'superseded', 'suppressed', 'cancelled']],
    ['channel', 'Channel'], ['appointment', 'Appointment']], parameters),
  list('/api/deliveries', parameters, deliveryColumns, await page('/api/deliveries', parameters))];
}

async function delivery(id) {
  const row = await call('/api/deliveries/' + encodeURIComponent(id));
  return [el('h1', {}, 'Delivery ' + row.id),
    facts([['appointment', appointmentLink(row.source, row.appointment)], ['version', row.appointmentVersion],
      ['text', row.text], ['channel', row.channel], ['for', row.audience],
      ['recipient', row.recipient], ['due', time(row.due)],
      ['status', row.status], ['reason', row.reason], ['attempts', row.attempts], ['sent', time(row.sentAt)],
      ['provider id', row.providerId]]),
    operate(row),
    el('h2', {}, 'Why'), row.why.length ? table([
      ['at', why => time(why.at)], ['rule', why => why.rule], ['verdict', why => why.verdict],
      ['detail', why => why.detail]], row.why) : el('p', {}, 'Not judged yet.')];
}

async function slots(parameters) {
  return [el('h1', {}, 'Slots'), filters('slots', [
    ['from', 'From'], ['to', 'Before'], ['provider', 'Provider'], ['location', 'Location']], parameters),
  list('/api/slots', parameters, [
    ['start', row => time(row.start)], ['minutes', row => row.minutes, 'number'], ['provider', row => row.provider],
    ['location', row => row.location], ['reason', row => row.reason], ['source', row => row.source], ['id', row => row.id]],
  await page('/api/slots', parameters))];
}

// The telephone that got a text message writes back.
function replyTo(message) {
  const words = el('input', { name: 'reply', placeholder: 'C', maxlength: '160' });
  return el('form', { onsubmit: guarded(async () => {
    await call('/api/sandbox/messages/' + message.number + '/reply' + query({ text: words.value || 'C' }), 'POST');
    say('Written back; look at the notifications.');
  }) }, el('label', {}, 'Reply', words), el('button', {}, 'Send'));
}

async function sandbox(parameters) {
  const heading = el('h1', {}, 'Sandbox messages');
  let answer;
  try {
    answer = await call('/api/sandbox/messages' + query(parameters));
  } catch (failure) {
    if (failure.status !== 404) throw failure;
    return [heading, el('p', {}, 'The sandbox is off: messages go to real ends and are not kept here.')];
  }
  const messages = answer.items.map(message => el('article', {},
    el('h3', {}, message.channel + ' to ' + message.to + (message.subject ? ': ' + message.subject : '')),
    el('div', {}, time(message.at)), el('pre', {}, pretty(message.text)),
    message.channel === 'sms' ? replyTo(message) : ''));
  return [heading, filters('sandbox', [['channel', 'Channel', ['email', 'sms', 'webhook']]], parameters),
    messages.length ? messages : el('p', {}, 'Nothing was sent yet. Try: java -jar target/appointment-relay.jar send-sample')];
}

function counts(names, rows) {
  return table(names.map((name, index) => [name, row => row[name], index ? 'number' : null]), rows);
}

async function ledger() {
  const report = await call('/api/ledger');
  return [el('h1', {}, 'Ledger'),
    el('p', { class: report.addsUp ? 'good' : 'bad' }, report.addsUp ? 'It adds up.' : 'It does not add up.'),
    el('ul', {}, report.problems.map(problem => el('li', {}, problem))),
    counts(['source', 'received', 'duplicate', 'processed', 'parked', 'waiting'], report.sources),
    el('h2', {}, 'Deliveries'),
    counts(['channel', 'planned', 'sent', 'dead', 'superseded', 'suppressed', 'cancelled', 'waiting'], report.channels),
    el('p', {}, 'These are the counts. The command audit also looks for what counting cannot see.')];
}

// --- which view ---

const views = { notifications, appointments, deliveries, slots, sandbox, ledger };
let shown = 0;

async function show() {
  const mine = ++shown;
  const [path, search] = location.hash.slice(1).split('?');
  say('');
  try {
    const [name, ...rest] = path.split('/').map(decodeURIComponent);
    const chosen = Object.hasOwn(views, name) ? name : 'notifications';
    for (const tab of document.querySelectorAll('nav a')) {
      if (tab.getAttribute('href') === '#' + chosen) tab.setAttribute('aria-current', 'page');
      else tab.removeAttribute('aria-current');
    }
    const content = await views[chosen](Object.fromEntries(new URLSearchParams(search)), ...rest);
    // A slower answer of an earlier view does not take the place of this one.
    if (mine === shown) view.replaceChildren(...content.flat().filter(Boolean));
  } catch (failure) {
    if (mine === shown) view.replaceChildren();
    say(failure.message, true);
  }
}

window.addEventListener('hashchange', async () => {
  await show();
  view.focus();
});
document.getElementById('refresh').addEventListener('click', show);
show();
