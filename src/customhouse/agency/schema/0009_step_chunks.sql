-- What the steps of a day have done so far: one row for each chunk, written in its transaction. A
-- step that was killed goes on behind its last chunk, and its figures are the sum of all of them.
create table day_step_chunk (
  business_date date not null,
  step text not null,
  -- The natural key of what the chunk did: a chunk is done once.
  chunk text not null,
  -- Whole numbers by name, like {"sent": 500}.
  figures jsonb not null,
  finished_at timestamptz not null,
  primary key (business_date, step, chunk)
);
