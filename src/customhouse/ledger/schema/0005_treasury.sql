-- The days of the whole ledger, for the treasury's statement: rows come in the order of days, so
-- that a few bytes for each range of pages are enough and posting pays next to nothing.
create index transfer_day on transfer using brin (effective_on)
  with (pages_per_range = 32, autosummarize = on);
