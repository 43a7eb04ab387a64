-- A file's entries are found by its batches, and the payment that a reversal would reverse by its
-- amount: neither by looking at everything that was ever pushed.
create index incoming_entry_batch on incoming_entry (batch_id);
create index incoming_entry_payment on incoming_entry (amount_cents, settled_on)
  where kind = 'payment';
