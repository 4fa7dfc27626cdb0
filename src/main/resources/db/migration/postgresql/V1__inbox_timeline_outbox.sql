-- Times are milliseconds since 1970 in UTC. Columns named "state", "told", "changes" and "in_flight" hold JSON; these,
-- "body", "payload", "recipient", "why" and "masked" are sealed when there is a key, and say then with which.
-- As in sqlite/, but for types and for long texts of senders: they are found by hash, because an entry of a PostgreSQL
-- B-tree holds 2.7 KB at most.

CREATE TABLE installation (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- The last ids that were handed out. They are read and set by whoever has the turn to write, so that ids rise in the order
-- of commits; not rows, because those would leave a version behind at each commit.
CREATE SEQUENCE last_message MINVALUE 0 START 0;
CREATE SEQUENCE last_appointment MINVALUE 0 START 0;
CREATE SEQUENCE last_delivery MINVALUE 0 START 0;

-- The processes that work on this store, each alive until then if it does not say so again; by this server's clock.
CREATE TABLE process (
  id BIGINT PRIMARY KEY,
  lives_until BIGINT NOT NULL,
  -- What it can open; it seals with the first. Empty: with none.
  keys TEXT NOT NULL DEFAULT ''
);

-- The bytes of a notification, large ones deflated, once, however many appointments they speak of; purged, none, and since when.
CREATE TABLE message (
  id BIGINT PRIMARY KEY,
  body BYTEA,
  -- SHA-256 of the body as it came, and of that, of who sent it when and of the message before it.
  body_hash BYTEA NOT NULL,
  link BYTEA NOT NULL,
  purged_at BIGINT
);

-- One row per appointment in a notification. Waiting parts are those with status 'received'.
CREATE TABLE notification (
  message BIGINT NOT NULL,
  part INTEGER NOT NULL,
  source TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  label TEXT,
  appointment TEXT,
  ordering_key TEXT,
  behind TEXT,
  -- A hash of the source and of what its sender repeats when it sends something again.
  deduplication BYTEA,
  event TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  due BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (message, part)
);
CREATE UNIQUE INDEX notification_deduplication ON notification (deduplication) WHERE deduplication IS NOT NULL;
CREATE INDEX notification_waiting ON notification (message, part) WHERE status = 'received';
CREATE INDEX notification_turn ON notification USING hash (ordering_key) WHERE status = 'received';
CREATE INDEX notification_turn_behind ON notification USING hash (behind) WHERE status = 'received' AND behind IS NOT NULL;
CREATE INDEX notification_parked ON notification (message, part) WHERE status = 'parked';
-- Not of those that wait: their senders would wait for it too.
CREATE INDEX notification_of_appointment ON notification USING hash (appointment) WHERE status <> 'received';

-- What is known now. "patient" is a code, as in "reach". Purged or erased, "state" is gone, and "identifier" another.
CREATE TABLE appointment (
  id BIGINT PRIMARY KEY,
  feed_group TEXT COLLATE "C" NOT NULL,
  identifier TEXT NOT NULL,
  root BIGINT NOT NULL,
  source TEXT NOT NULL,
  status TEXT NOT NULL,
  starts_at BIGINT,
  patient TEXT,
  revision INTEGER NOT NULL,
  known_at BIGINT NOT NULL,
  -- When it was written last: what a reader that asks for changes goes by.
  updated_at BIGINT NOT NULL,
  state TEXT
);
CREATE UNIQUE INDEX appointment_unique ON appointment (feed_group, md5(identifier));
CREATE INDEX appointment_by_identifier ON appointment USING hash (identifier);
CREATE INDEX appointment_by_start ON appointment (starts_at);
CREATE INDEX appointment_by_update ON appointment (updated_at);
CREATE INDEX appointment_without_start ON appointment (id) WHERE starts_at IS NULL AND state IS NOT NULL;
CREATE INDEX appointment_by_patient ON appointment USING hash (patient) WHERE patient IS NOT NULL;

-- How it came to be known: one entry per notification and appointment.
CREATE TABLE timeline (
  appointment BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  at BIGINT NOT NULL,
  event TEXT NOT NULL,
  message BIGINT NOT NULL,
  part INTEGER NOT NULL,
  changes TEXT,
  PRIMARY KEY (appointment, revision)
);

CREATE TABLE delivery (
  id BIGINT PRIMARY KEY,
  appointment BIGINT NOT NULL,
  root BIGINT NOT NULL,
  version INTEGER NOT NULL,
  event TEXT NOT NULL,
  channel TEXT NOT NULL,
  -- Who it is for: patient, staff or system.
  audience TEXT NOT NULL,
  nature TEXT NOT NULL,
  text TEXT,
  start_offset TEXT,
  starts_at BIGINT,
  planned BIGINT NOT NULL,
  due BIGINT NOT NULL,
  quiet_for BIGINT NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  reason TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  -- The process that claimed it.
  holder BIGINT,
  -- What left with the claim, as JSON, until its end is known.
  in_flight TEXT,
  interrupted INTEGER NOT NULL DEFAULT 0,
  recipient TEXT,
  sent_at BIGINT,
  provider_id TEXT,
  why TEXT,
  planned_at BIGINT NOT NULL DEFAULT 0,
  purged_at BIGINT
);
CREATE INDEX delivery_due ON delivery (channel, due, id) WHERE status = 'planned';
CREATE INDEX delivery_in_flight ON delivery (root) WHERE status IN ('sending', 'uncertain');
CREATE INDEX delivery_of_root ON delivery (root);
CREATE INDEX delivery_interrupted ON delivery (root, channel) WHERE interrupted = 1;
CREATE INDEX delivery_dead ON delivery (id) WHERE status = 'dead';

-- What a delivery to a system says; beside it, so that it is not written again with each step of its delivery.
CREATE TABLE delivery_payload (
  delivery BIGINT PRIMARY KEY,
  payload TEXT NOT NULL
);

-- What each audience was last told on a channel of a chain of appointments.
CREATE TABLE told (
  root BIGINT NOT NULL,
  channel TEXT NOT NULL,
  audience TEXT NOT NULL,
  told TEXT NOT NULL,
  PRIMARY KEY (root, channel, audience)
);

-- Messages ahead of visits that have reached, or are on their way to, a recipient on a day (of 1970) where the recipient
-- is. The recipient is a code of the number, made with the key in "installation".
CREATE TABLE reach (
  delivery BIGINT PRIMARY KEY,
  recipient BYTEA NOT NULL,
  day BIGINT NOT NULL
);
CREATE INDEX reach_of_recipient ON reach (recipient, day);

-- Which text messages went to a number, by which a reply is known for what it answers; "recipient" is a code as in "reach".
CREATE TABLE texted (
  delivery BIGINT PRIMARY KEY,
  recipient BYTEA NOT NULL,
  version INTEGER NOT NULL,
  asks INTEGER NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX texted_to ON texted (recipient, at);

-- Who does not want to be written to any more; "recipient" is a code as in "reach".
CREATE TABLE opt_out (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient BYTEA NOT NULL,
  purpose TEXT NOT NULL,
  masked TEXT NOT NULL,
  since BIGINT NOT NULL,
  UNIQUE (recipient, purpose)
);

-- How many messages to people were claimed, in slices of the brake's window.
CREATE TABLE pace (
  since BIGINT PRIMARY KEY,
  messages INTEGER NOT NULL
);

-- The brake, in one row once it was pulled for the first time; "pulled_at" is set while it holds.
CREATE TABLE brake (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  pulled_at BIGINT,
  released_at BIGINT,
  released_through BIGINT NOT NULL
);

-- What an operator's re-planning did to a delivery, beside what the judge says of it.
CREATE TABLE replanned (
  delivery BIGINT NOT NULL,
  at BIGINT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (delivery, at)
);

CREATE TABLE slot (
  source TEXT COLLATE "C" NOT NULL,
  feed_group TEXT COLLATE "C" NOT NULL,
  slot_key TEXT COLLATE "C" NOT NULL,
  slot_id TEXT,
  starts_at BIGINT NOT NULL,
  minutes INTEGER,
  reason TEXT,
  provider TEXT,
  provider_name TEXT,
  location TEXT,
  batch TEXT,
  PRIMARY KEY (source, slot_key)
);
CREATE INDEX slot_by_start ON slot (starts_at);

-- Which pieces of a batch have come, so that a complete one can take the place of the one before it.
CREATE TABLE slot_batch (
  source TEXT NOT NULL,
  batch TEXT NOT NULL,
  piece INTEGER NOT NULL,
  PRIMARY KEY (source, batch, piece)
);

-- Up to when, by the FHIR server's clock, a source's changes were searched for.
CREATE TABLE searched (
  source TEXT PRIMARY KEY,
  until BIGINT NOT NULL
);

-- Which numbered events of a subscription are here: runs without a gap. A run that ends before it begins stands for what was
-- only heard of: everything before it should be here.
CREATE TABLE event_run (
  source TEXT NOT NULL,
  subscription TEXT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (source, subscription, first)
);

-- What is missing between two runs, or was; "before_at" is when the event before it came.
CREATE TABLE event_gap (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source TEXT NOT NULL,
  subscription TEXT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  before_at BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  asked_at BIGINT,
  closed_at BIGINT,
  how TEXT
);
CREATE INDEX event_gap_open ON event_gap (id) WHERE closed_at IS NULL;

-- Sources that are asked. "first_at" is when for the first time: what was there before is news to nobody. A comparison of all
-- visits that is under way goes on with "next_day" (of 1970).
CREATE TABLE poll (
  source TEXT PRIMARY KEY,
  first_at BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,
  -- The process that polls, in a store that several share.
  holder BIGINT,
  ended_at BIGINT,
  trouble TEXT,
  compared_at BIGINT,
  next_day BIGINT
);

-- What a source's FHIR server has, held against what is known: by night or because somebody asked. "report" holds JSON.
CREATE TABLE reconciliation (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source TEXT NOT NULL,
  -- The day of a nightly one; absent: it was asked for.
  night BIGINT,
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  begun_at BIGINT,
  due BIGINT NOT NULL,
  holder BIGINT,
  ended_at BIGINT,
  failed BIGINT NOT NULL DEFAULT 0,
  trouble TEXT,
  next_day BIGINT NOT NULL,
  compared BIGINT NOT NULL DEFAULT 0,
  report TEXT NOT NULL,
  UNIQUE (source, night)
);
CREATE INDEX reconciliation_open ON reconciliation (id) WHERE ended_at IS NULL;

-- How much a source has said, by hours since 1970: what is usual for it.
CREATE TABLE heard (
  source TEXT NOT NULL,
  hour BIGINT NOT NULL,
  messages BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (source, hour)
);

-- Silences out of the usual, and what of them our own system was told.
CREATE TABLE silence (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source TEXT NOT NULL,
  since BIGINT NOT NULL,
  noticed_at BIGINT NOT NULL,
  ended_at BIGINT,
  silent_told_at BIGINT,
  heard_told_at BIGINT,
  tries BIGINT NOT NULL DEFAULT 0,
  due BIGINT NOT NULL
);
CREATE INDEX silence_untold ON silence (id) WHERE heard_told_at IS NULL;
-- What a purge has passed by, because something of it was still waiting: it is looked at again.
CREATE TABLE purge_later (
  kind TEXT NOT NULL,
  id BIGINT NOT NULL,
  PRIMARY KEY (kind, id)
);

-- Who saw what of patients, and what was erased.
CREATE TABLE access (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  which TEXT NOT NULL,
  detail TEXT
);
