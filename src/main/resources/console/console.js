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

function say(text, isBad, ...more) {
  said.replaceChildren(text, ...more);
  said.className = isBad ? 'bad' : '';
}

async function call(path, method, body) {
  const change = { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body || {}) };
  const response = await fetch(path, method ? change : {});
  const answer = await response.json().catch(() => ({ error: 'The console did not answer with JSON.' }));
  if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status, answer });
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
function list(path, parameters, columns, first, nothing) {
  const place = el('div');
  const add = answer => {
    place.append(answer.items.length ? table(columns, answer.items) : el('p', {}, place.childElementCount ? 'No more.' : nothing || 'Nothing here.'));
    if (!answer.next) return;
    const more = el('button', { type: 'button', onclick: guarded(async () => {
      const following = await page(path, { ...parameters, after: answer.next });
      more.remove();
      const added = place.childElementCount;
      add(following);
      // Who came by keyboard goes on where the new rows begin.
      place.children[added].setAttribute('tabindex', '-1');
      place.children[added].focus();
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

// What had the focus is gone when a view is made anew: who came by keyboard goes on at its beginning.
// What is said stands above, and stays in sight.
async function showAnew(...words) {
  await show();
  view.focus({ preventScroll: true });
  scrollTo(0, 0);
  say(...words);
}

function action(words, path, done) {
  return el('button', { type: 'button', onclick: guarded(async () => {
    const answer = await call(path, 'POST');
    await showAnew(done + ' It is now ' + answer.status + '.');
  }) }, words);
}

// Asks before something is done; Escape is no. The focus goes back to where it was.
function agreed(question, explained, yes) {
  const no = el('button', { value: '' }, 'Go back');
  const dialog = el('dialog', { 'aria-labelledby': 'question', 'aria-describedby': 'explained' },
    el('h2', { id: 'question' }, question), el('p', { id: 'explained' }, explained),
    el('form', { method: 'dialog' }, el('button', { value: 'yes' }, yes), no));
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
  return new Promise(resolve => dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(dialog.returnValue === 'yes');
  }));
}

function rest(milliseconds) {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

function choice(name, words, choices, value) {
  const control = el('select', { name }, choices.map(one => el('option', { value: one }, one || 'all')));
  if (value) control.value = value;
  return el('label', {}, words, control);
}

function field(name, words, properties) {
  return el('label', {}, words, el('input', { name, ...properties }));
}

function rows(columns, items, nothing) {
  return items.length ? table(columns, items) : el('p', {}, nothing);
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
  const path = '/api/appointments/' + encodeURIComponent(source) + '/' + encodeURIComponent(identifier);
  const [row, choices] = await Promise.all([call(path), call(path + '/writeback')]);
  return [el('h1', {}, 'Appointment ' + row.identifier),
    facts([['source', row.source], ['status', row.status], ['start', time(row.start)], ['end', time(row.end)],
      ['zone', row.zone], ['practitioner', row.practitioner], ['location', row.location], ['type', row.type],
      ['version', row.version], ['replaces', appointmentLink(row.source, row.replaces)],
      ['replaced by', appointmentLink(row.source, row.replacedBy)]]),
    answers(path, row, choices),
    el('h2', {}, 'Timeline'), rows([
      ['at', entry => time(entry.at)], ['event', entry => entry.event],
      ['changes', entry => el('div', {}, entry.changes.map(change =>
        el('div', {}, change.field + ': ' + (change.before || 'unknown') + ' → ' + (change.after || 'unknown'))))],
      ['notification', entry => link(entry.notification, 'notifications', entry.notification)]], row.timeline,
    'Nothing is kept of it.'),
    el('h2', {}, 'Deliveries'), rows(deliveryColumns, row.deliveries, 'None was planned.')];
}

// --- what a patient answered by telephone or at the desk, for the EHR ---

const answerWords = {
  confirm: ['Confirm', 'Confirm this visit?', 'The EHR is told that the patient comes.'],
  cancel: ['Cancel the visit', 'Cancel this visit?',
    'The EHR is told that the patient does not come. When it says that the visit is off, everybody who was told of it hears so.'],
};

function whyNot(answer, source) {
  return {
    'writeback off': 'It is switched off to ' + answer.action + ' visits of ' + source + ' in the EHR: relay.source.' + source
      + '.writeback does not say ' + answer.action + '.',
    'test traffic': 'The sender marks this visit as a test; tests are not written into the EHR.',
    'cancelled meanwhile': 'This visit is off already.',
    'replaced meanwhile': 'Another appointment has taken the place of this one.',
    'visit over': 'This visit has begun, or is over.',
  }[answer.reason] || 'Not possible: ' + answer.reason + '.';
}

function answers(path, row, choices) {
  const about = 'why-not';
  const reasons = [...new Set(choices.answers.filter(answer => !answer.possible).map(answer => whyNot(answer, row.source)))];
  const buttons = choices.answers.map(answer => {
    const [words, question, explained] = answerWords[answer.action] || [answer.action, answer.action + '?', ''];
    const visit = [time(row.start), row.practitioner, row.location].filter(Boolean).join(', ');
    return el('button', { type: 'button', disabled: answer.possible ? null : '', 'aria-describedby': answer.possible ? null : about,
      onclick: guarded(async () => {
        if (await agreed(question, visit + '. ' + explained, words)) await handIn(path, answer.action, choices.version, row);
      }) }, words);
  });
  return el('section', {}, el('h2', {}, 'Answer for the EHR'),
    el('p', {}, 'What the patient has answered by telephone or at the desk is written into the EHR.'),
    el('div', { class: 'buttons' }, buttons),
    reasons.length ? el('div', { id: about, class: 'hint' }, reasons.map(reason => el('p', {}, reason))) : null);
}

async function handIn(path, what, version, row) {
  const receipt = await call(path + '/' + what, 'POST', { version });
  say('Handed in; it is being read.');
  const waiting = '/api/notifications' + query({ status: 'received', appointment: row.identifier });
  for (let tries = 0; tries < 20 && (await call(waiting)).items.length; tries++) await rest(250);
  // An EHR that answers at once is shown with what it said.
  await rest(1000);
  await showAnew('Handed in, as notification ', false, link(receipt.notification, 'notifications', receipt.notification),
    '. The delivery by the channel ehr, below, says whether the EHR has taken it.');
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
    await showAnew('The brake is released: what was held goes out, if it is still true.');
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
  const isPlain = Object.keys(parameters).length === 0;
  return [el('h1', {}, 'Deliveries'), await brake(), isPlain ? await notWritten() : null, filters('deliveries', [
    ['status', 'Status', ['planned', 'sending', 'uncertain', 'sent', 'dead', 'superseded', 'suppressed', 'cancelled']],
    ['channel', 'Channel'], ['appointment', 'Appointment']], parameters),
  list('/api/deliveries', parameters, deliveryColumns, await page('/api/deliveries', parameters))];
}

// Answers of patients that the EHR has not taken: somebody must write them there by hand, or try again.
async function notWritten() {
  const dead = await page('/api/deliveries', { status: 'dead', channel: 'ehr' });
  if (!dead.items.length) return null;
  return el('section', { class: 'parked' }, el('h2', {}, 'Answers that the EHR did not take'),
    el('p', {}, 'Write them into the EHR by hand, or try again when it can take them.'),
    list('/api/deliveries', { status: 'dead', channel: 'ehr' }, deliveryColumns, dead));
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

const slotColumns = [
  ['start', row => time(row.start)], ['minutes', row => row.minutes, 'number'], ['provider', row => row.provider],
  ['location', row => row.location], ['reason', row => row.reason], ['source', row => row.source], ['id', row => row.id]];

async function slots(parameters) {
  const place = el('div', {}, list('/api/slots', parameters, slotColumns, await page('/api/slots', parameters)));
  return [el('h1', {}, 'Slots'), filters('slots', [
    ['from', 'From'], ['to', 'Before'], ['provider', 'Provider'], ['location', 'Location']], parameters),
  await askForSlots(parameters, place), place];
}

// The EHR itself is asked when somebody wants it, never by looking at the page.
async function askForSlots(parameters, place) {
  const askable = (await call('/api/sources')).items.filter(one => one.canBeAsked).map(one => one.source);
  if (!askable.length) return null;
  return el('form', { onsubmit: guarded(async event => {
    const source = new FormData(event.target).get('source');
    say('Asking the EHR of ' + source + '…');
    const answer = await call('/api/slots' + query({ ...parameters, ask: 'redox', source }));
    place.replaceChildren(list('/api/slots', parameters, slotColumns, answer));
    say('The EHR of ' + source + ' named ' + answer.asked.found + ' slots'
      + (answer.asked.incomplete ? ', and has more than it named.' : '.'));
  }) }, choice('source', 'Source', askable), el('button', {}, 'Ask its EHR for slots'));
}

// --- sources: who speaks, who is silent, what is missing ---

async function sources() {
  const [known, subscriptions, health] = await Promise.all([
    call('/api/sources'), call('/api/subscriptions'), call('/observe/health').catch(failure => failure.answer || { checks: [] })]);
  const gaps = subscriptions.items.flatMap(one => one.gaps.filter(gap => !gap.closedAt)
    .map(gap => ({ ...gap, source: one.source, subscription: one.subscription })));
  return [el('h1', {}, 'Sources'),
    rows([
      ['source', row => row.source], ['kind', row => row.kind],
      ['state', row => row.silentSince ? el('span', { class: 'bad' }, 'silent since ' + time(row.silentSince))
        : row.lastHeardAt ? 'heard' : 'never heard yet'],
      ['last heard', row => time(row.lastHeardAt)],
      ['silence is news', row => row.silence === 'auto' ? 'out of its usual hours' : row.silence === 'none' ? 'never' : 'after ' + row.silence],
      ['missing events', row => row.openGaps ? row.openGaps + ' ranges' : 'none'],
      ['EHR may be told', row => row.writeback.join(', ') || 'nothing'],
      ['', row => row.canBeCompared ? el('a', { href: '#reconciliation' + query({ source: row.source }) }, 'Reconcile') : null],
    ], known.items, 'No source is configured.'),
    el('h2', {}, 'Events that have not come'),
    rows([
      ['source', row => row.source], ['subscription', row => row.subscription],
      ['events', row => row.from === row.to ? row.from : row.from + ' to ' + row.to], ['missing since', row => time(row.openedAt)],
    ], gaps, 'None is missing.'),
    el('h2', {}, 'Health'),
    rows([
      ['what', row => row.name], ['state', row => el('span', { class: row.status === 'UP' ? 'good' : 'bad' }, row.status)],
      ['what was seen', row => row.detail]], health.checks, 'The health cannot be read now.')];
}

// --- reconciliation: a source's FHIR server, compared with what is known ---

function isUnderWay(row) {
  return row.status === 'waiting' || row.status === 'running';
}

async function reconciliation(parameters, id) {
  if (id) return comparison(id);
  const comparable = (await call('/api/sources')).items.filter(one => one.canBeCompared).map(one => one.source);
  const begin = el('form', { onsubmit: guarded(async event => {
    const asked = [...new FormData(event.target)].filter(([, value]) => value);
    const row = await call('/api/reconciliations', 'POST', Object.fromEntries(asked));
    location.hash = 'reconciliation/' + row.id;
  }) }, choice('source', 'Source', comparable, parameters.source), field('from', 'First day of visits', { type: 'date' }),
  field('to', 'Last day', { type: 'date' }), el('button', {}, 'Compare'));
  return [el('h1', {}, 'Reconciliation'),
    el('p', {}, 'What a source\'s FHIR server has is compared with what is known here. What had been missed is taken in as if it had been sent.'),
    comparable.length ? [begin, el('p', { class: 'hint' }, 'Without days: from yesterday on, as far as the nightly comparison goes.')]
      : el('p', { class: 'hint' }, 'No source can be compared: none has a FHIR server (relay.source.<name>.fhir.base-url).'),
    el('h2', {}, 'Newest first'),
    list('/api/reconciliations', {}, [
      ['id', row => link(row.id, 'reconciliation', row.id)], ['source', row => row.source], ['asked', row => time(row.askedAt)],
      ['by', row => row.cause === 'nightly' ? 'the night' : 'somebody'], ['visits of', row => row.from + ' to ' + row.to],
      ['status', row => el('span', { class: row.status === 'failed' ? 'bad' : null }, row.status)],
      ['compared', row => row.compared, 'number'], ['missed', row => row.unknown.length, 'number'],
      ['different', row => row.differing.length, 'number'], ['only here', row => row.onlyKnownHere.length, 'number'],
    ], await page('/api/reconciliations', {}), 'Nothing was compared yet.')];
}

async function comparison(id) {
  const path = '/api/reconciliations/' + encodeURIComponent(id);
  const row = await call(path);
  const place = el('div', {}, report(row));
  if (isUnderWay(row)) follow(path, place, row, shown);
  return [el('h1', {}, 'Reconciliation ' + row.id), place];
}

// Until it is done, or somebody looks at something else. What did not change is left alone.
async function follow(path, place, before, mine) {
  let row = before;
  try {
    while (isUnderWay(row) && mine === shown) {
      await rest(1000);
      const now = await call(path);
      if (JSON.stringify(now) !== JSON.stringify(row)) place.replaceChildren(...report(now));
      row = now;
    }
    if (mine === shown) say('Reconciliation ' + row.id + ' is ' + row.status + '.', row.status === 'failed');
  } catch (failure) {
    if (mine === shown) say(failure.message, true);
  }
}

function days(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
}

function visits(source, words, nothing, identifiers) {
  return [el('h2', {}, words + ' (' + identifiers.length + ')'), identifiers.length
    ? el('ul', {}, identifiers.map(one => el('li', {}, appointmentLink(source, one)))) : el('p', {}, nothing)];
}

function report(row) {
  const all = days(row.from, row.to) + 1;
  const done = isUnderWay(row) ? Math.max(0, Math.min(all, days(row.from, row.comparedTo))) : all;
  return [
    facts([['source', row.source], ['visits of', row.from + ' to ' + row.to],
      ['status', el('span', { class: row.status === 'failed' ? 'bad' : row.status === 'done' ? 'good' : null }, row.status)],
      ['progress', isUnderWay(row) ? el('span', {}, el('progress', { max: all, value: done, 'aria-label': 'days compared' }),
        ' ' + done + ' of ' + all + ' days') : ''],
      ['reason', row.reason], ['asked', time(row.askedAt)], ['begun', time(row.begunAt)], ['ended', time(row.endedAt)],
      ['visits compared', row.compared]]),
    ...visits(row.source, 'Had been missed', 'Nothing had been missed.', row.unknown),
    el('h2', {}, 'Known otherwise (' + row.differing.length + ')'),
    rows([['appointment', one => appointmentLink(row.source, one.identifier)],
      ['fields that differed', one => one.fields.join(', ')]], row.differing, 'Nothing was known otherwise.'),
    ...visits(row.source, 'Known here alone', 'The server has every visit that is known to come.', row.onlyKnownHere),
    ...visits(row.source, 'Left as they are: over here, older on the server', 'There was none.', row.left),
  ];
}

// --- who does not want to be written to ---

async function optOuts(parameters) {
  const fields = event => Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value));
  const purposes = { all: 'everything', news: 'news of visits', preparation: 'reminders and preparation' };
  const purpose = () => el('label', {}, 'Does not want', el('select', { name: 'purpose' },
    Object.entries(purposes).map(([value, words]) => el('option', { value }, words))));
  const recipient = () => field('recipient', 'E-mail address or telephone number', { required: '', autocomplete: 'off' });
  const add = el('form', { onsubmit: guarded(async event => {
    const entry = await call('/api/opt-outs', 'POST', fields(event));
    await showAnew(entry.recipient + ' is on the list.');
  }) }, recipient(), purpose(), el('button', {}, 'Put on the list'));
  const remove = el('form', { onsubmit: guarded(async event => {
    const asked = fields(event);
    if (!await agreed('Take this recipient off the list?', 'Messages are sent there again.', 'Take off the list')) return;
    await call('/api/opt-outs', 'DELETE', { recipient: asked.recipient });
    await showAnew('The recipient is off the list.');
  }) }, recipient(), el('button', {}, 'Take off the list'));
  return [el('h1', {}, 'Opt-outs'), el('p', {}, 'Who does not want to be written to. Recipients are shown masked: to take one off the list, type it.'),
    el('h2', {}, 'Put somebody on the list'), add, el('h2', {}, 'Take somebody off the list'), remove,
    el('h2', {}, 'The list'), list('/api/opt-outs', parameters, [
      ['recipient', row => row.recipient], ['does not want', row => purposes[row.purpose] || row.purpose],
      ['since', row => time(row.since)]], await page('/api/opt-outs', parameters), 'Nobody is on the list.')];
}

// --- who has seen whom ---

async function accesses(parameters) {
  return [el('h1', {}, 'Accesses'), el('p', {}, 'Who has seen what of patients, the latest first.'),
    filters('accesses', [['user', 'User'], ['from', 'From'], ['to', 'Before']], parameters),
    list('/api/accesses', parameters, [
      ['at', row => time(row.at)], ['user', row => row.user], ['what', row => row.what.toLowerCase().replace('_', '-')],
      ['which', row => row.which], ['detail', row => el('div', { class: 'long' }, row.detail || '')]],
    await page('/api/accesses', parameters), 'Nothing was seen.')];
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

const views = {
  notifications, appointments, deliveries, slots, sources, reconciliation, 'opt-outs': optOuts, sandbox, ledger, accesses,
};
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
    if (mine !== shown) return;
    view.replaceChildren(...content.flat().filter(Boolean));
    document.title = view.querySelector('h1').textContent + ' · Appointment Relay';
  } catch (failure) {
    if (mine === shown) view.replaceChildren();
    say(failure.message, true);
  }
}

window.addEventListener('hashchange', async () => {
  await show();
  view.focus({ preventScroll: true });
  scrollTo(0, 0);
});
document.getElementById('refresh').addEventListener('click', show);
show();
