-- A file of entry summaries that is being loaded: what became of each item of a chunk, written in
-- the chunk's transaction, so that a load that was killed and is started again tells the same as one
-- that was not. Rows of a finished load are removed, and so are those of earlier days.
create table intake_chunk (
  -- The hash of all that the file held up to the end of this chunk.
  content_sha256 bytea not null check (length(content_sha256) = 32),
  business_date date not null,
  outcomes jsonb not null,
  taken_at timestamptz not null,
  primary key (content_sha256, business_date)
);
