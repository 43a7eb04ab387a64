-- Every JSON request that carried an Idempotency-Key, and the answer it got. The row is written in
-- the transaction of its work, so that a key is known exactly when its work was done. The body is
-- kept as its hash only: what it asked for is in the rows that it made.
create table api_request (
  sender_id bigint not null,
  request_id bigint generated always as identity,
  idempotency_key text not null check (idempotency_key ~ '^[!-~]{1,128}$'),
  path text not null,
  content_sha256 bytea not null check (length(content_sha256) = 32),
  received_at timestamptz not null,
  business_date date not null,
  -- Null only inside the transaction that does the work.
  status integer check (status between 200 and 599),
  answer text,
  check ((answer is null) = (status is null)),
  primary key (sender_id, request_id),
  unique (sender_id, idempotency_key)
);
