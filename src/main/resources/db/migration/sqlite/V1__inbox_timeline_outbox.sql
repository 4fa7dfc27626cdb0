-- Times are milliseconds since 1970 in UTC. Columns named "state", "told", "changes" and "in_flight" hold JSON; these,
-- "body", "payload", "recipient", "why" and "masked" are sealed when there is a key, and say then with which.

CREATE TABLE installation (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- The bytes of a notification, large ones deflated, once, however many appointments they speak of; purged, none, and since when.
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  body BLOB,
  -- SHA-256 of the body as it came, and of that, of who sent it when and of the message before it.
  body_hash BLOB NOT NULL,
  link BLOB NOT NULL,
  purged_at INTEGER
);

-- One row per appointment in a notification. Waiting parts are those with status 'received'.
CREATE TABLE notification (
  message INTEGER NOT NULL,
  part INTEGER NOT NULL,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  label TEXT,
  appointment TEXT,
  ordering_key TEXT,
  behind TEXT,
  -- A hash of the source and of what its sender repeats when it sends something again.
  deduplication BLOB,
  event TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (message, part)
) WITHOUT ROWID;
CREATE UNIQUE INDEX notification_deduplication ON notification (deduplication) WHERE deduplication IS NOT NULL;
CREATE INDEX notification_waiting ON notification (message, part) WHERE status = 'received';
CREATE INDEX notification_parked ON notification (message, part) WHERE status = 'parked';
-- Not of those that wait: their senders would wait for it too.
CREATE INDEX notification_of_appointment ON notification (appointment) WHERE status <> 'received';

-- What is known now. "patient" is a code, as in "reach". Purged or erased, "state" is gone, and "identifier" another.
CREATE TABLE appointment (
  id INTEGER PRIMARY KEY,
  feed_group TEXT NOT NULL,
  identifier TEXT NOT NULL,
  root INTEGER NOT NULL,
  source TEXT NOT NULL,
  status TEXT NOT NULL,
  starts_at INTEGER,
  patient TEXT,
  revision INTEGER NOT NULL,
  known_at INTEGER NOT NULL,
  -- When it was written last: what a reader that asks for changes goes by.
  updated_at INTEGER NOT NULL,
  state TEXT,
  UNIQUE (feed_group, identifier)
);
CREATE INDEX appointment_by_start ON appointment (starts_at);
CREATE INDEX appointment_by_update ON appointment (updated_at);
CREATE INDEX appointment_without_start ON appointment (id) WHERE starts_at IS NULL AND state IS NOT NULL;
CREATE INDEX appointment_by_patient ON appointment (patient) WHERE patient IS NOT NULL;

-- How it came to be known: one entry per notification and appointment.
CREATE TABLE timeline (
  appointment INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  message INTEGER NOT NULL,
  part INTEGER NOT NULL,
  changes TEXT,
  PRIMARY KEY (appointment, revision)
) WITHOUT ROWID;

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  appointment INTEGER NOT NULL,
  root INTEGER NOT NULL,
  version INTEGER NOT NULL,
  event TEXT NOT NULL,
  channel TEXT NOT NULL,
  -- Who it is for: patient, staff or system.
  audience TEXT NOT NULL,
  nature TEXT NOT NULL,
  text TEXT,
  start_offset TEXT,
  starts_at INTEGER,
  planned INTEGER NOT NULL,
  due INTEGER NOT NULL,
  quiet_for INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  reason TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  -- The process that claimed it, in a store that several share.
  holder INTEGER,
  -- What left with the claim, as JSON, until its end is known.
  in_flight TEXT,
  interrupted INTEGER NOT NULL DEFAULT 0,
  recipient TEXT,
  sent_at INTEGER,
  provider_id TEXT,
  why TEXT,
  planned_at INTEGER NOT NULL DEFAULT 0,
  purged_at INTEGER
);
CREATE INDEX delivery_due ON delivery (channel, due, id) WHERE status = 'planned';
CREATE INDEX delivery_in_flight ON delivery (root) WHERE status IN ('sending', 'uncertain');
CREATE INDEX delivery_of_root ON delivery (root);
CREATE INDEX delivery_interrupted ON delivery (root, channel) WHERE interrupted = 1;
CREATE INDEX delivery_dead ON delivery (id) WHERE status = 'dead';

-- What a delivery to a system says; beside it, so that it is not written again with each step of its delivery.
CREATE TABLE delivery_payload (
  delivery INTEGER PRIMARY KEY,
  payload TEXT NOT NULL
);

-- What each audience was last told on a channel of a chain of appointments.
CREATE TABLE told (
  root INTEGER NOT NULL,
  channel TEXT NOT NULL,
  audience TEXT NOT NULL,
  told TEXT NOT NULL,
  PRIMARY KEY (root, channel, audience)
) WITHOUT ROWID;

-- Messages ahead of visits that have reached, or are on their way to, a recipient on a day (of 1970) where the recipient
-- is. The recipient is a code of the number, made with the key in "installation".
CREATE TABLE reach (
  delivery INTEGER PRIMARY KEY,
  recipient BLOB NOT NULL,
  day INTEGER NOT NULL
);
CREATE INDEX reach_of_recipient ON reach (recipient, day);

-- Which text messages went to a number, by which a reply is known for what it answers; "recipient" is a code as in "reach".
CREATE TABLE texted (
  delivery INTEGER PRIMARY KEY,
  recipient BLOB NOT NULL,
  version INTEGER NOT NULL,
  asks INTEGER NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX texted_to ON texted (recipient, at);

-- Who does not want to be written to any more; "recipient" is a code as in "reach".
CREATE TABLE opt_out (
  id INTEGER PRIMARY KEY,
  recipient BLOB NOT NULL,
  purpose TEXT NOT NULL,
  masked TEXT NOT NULL,
  since INTEGER NOT NULL,
  UNIQUE (recipient, purpose)
);

-- How many messages to people were claimed, in slices of the brake's window.
CREATE TABLE pace (
  since INTEGER PRIMARY KEY,
  messages INTEGER NOT NULL
);

-- The brake, in one row once it was pulled for the first time; "pulled_at" is set while it holds.
CREATE TABLE brake (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  pulled_at INTEGER,
  released_at INTEGER,
  released_through INTEGER NOT NULL
);

-- What an operator's re-planning did to a delivery, beside what the judge says of it.
CREATE TABLE replanned (
  delivery INTEGER NOT NULL,
  at INTEGER NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (delivery, at)
) WITHOUT ROWID;

CREATE TABLE slot (
  source TEXT NOT NULL,
  feed_group TEXT NOT NULL,
  slot_key TEXT NOT NULL,
  slot_id TEXT,
  starts_at INTEGER NOT NULL,
  minutes INTEGER,
  reason TEXT,
  provider TEXT,
  provider_name TEXT,
  location TEXT,
  batch TEXT,
  PRIMARY KEY (source, slot_key)
) WITHOUT ROWID;
CREATE INDEX slot_by_start ON slot (starts_at);

-- Which pieces of a batch have come, so that a complete one can take the place of the one before it.
CREATE TABLE slot_batch (
  source TEXT NOT NULL,
  batch TEXT NOT NULL,
  piece INTEGER NOT NULL,
  PRIMARY KEY (source, batch, piece)
) WITHOUT ROWID;

-- Up to when, by the FHIR server's clock, a source's changes were searched for.
CREATE TABLE searched (
  source TEXT PRIMARY KEY,
  until INTEGER NOT NULL
) WITHOUT ROWID;

-- Which numbered events of a subscription are here: runs without a gap. A run that ends before it begins stands for what was
-- only heard of: everything before it should be here.
CREATE TABLE event_run (
  source TEXT NOT NULL,
  subscription TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (source, subscription, first)
) WITHOUT ROWID;

-- What is missing between two runs, or was; "before_at" is when the event before it came.
CREATE TABLE event_gap (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  subscription TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  before_at INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  asked_at INTEGER,
  closed_at INTEGER,
  how TEXT
);
CREATE INDEX event_gap_open ON event_gap (id) WHERE closed_at IS NULL;

-- Sources that are asked. "first_at" is when for the first time: what was there before is news to nobody. A comparison of all
-- visits that is under way goes on with "next_day" (of 1970).
CREATE TABLE poll (
  source TEXT PRIMARY KEY,
  first_at INTEGER NOT NULL,
  begun_at INTEGER NOT NULL,
  -- The process that polls, in a store that several share.
  holder INTEGER,
  ended_at INTEGER,
  trouble TEXT,
  compared_at INTEGER,
  next_day INTEGER
) WITHOUT ROWID;

-- What a source's FHIR server has, held against what is known: by night or because somebody asked. "report" holds JSON.
CREATE TABLE reconciliation (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  -- The day of a nightly one; absent: it was asked for.
  night INTEGER,
  from_day INTEGER NOT NULL,
  to_day INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  begun_at INTEGER,
  due INTEGER NOT NULL,
  holder INTEGER,
  ended_at INTEGER,
  failed INTEGER NOT NULL DEFAULT 0,
  trouble TEXT,
  next_day INTEGER NOT NULL,
  compared INTEGER NOT NULL DEFAULT 0,
  report TEXT NOT NULL,
  UNIQUE (source, night)
);
CREATE INDEX reconciliation_open ON reconciliation (id) WHERE ended_at IS NULL;

-- How much a source has said, by hours since 1970: what is usual for it.
CREATE TABLE heard (
  source TEXT NOT NULL,
  hour INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (source, hour)
) WITHOUT ROWID;

-- Silences out of the usual, and what of them our own system was told.
CREATE TABLE silence (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  since INTEGER NOT NULL,
  noticed_at INTEGER NOT NULL,
  ended_at INTEGER,
  silent_told_at INTEGER,
  heard_told_at INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL
);
CREATE INDEX silence_untold ON silence (id) WHERE heard_told_at IS NULL;
-- What a purge has passed by, because something of it was still waiting: it is looked at again.
CREATE TABLE purge_later (
  kind TEXT NOT NULL,
  id INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Who saw what of patients, and what was erased.
CREATE TABLE access (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  which TEXT NOT NULL,
  detail TEXT
);
