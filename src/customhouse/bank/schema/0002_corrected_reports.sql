-- A report that is corrected in its amount is a report of its own: the wrong one stays mismatched,
-- the right one is matched. Before, it was taken for the wrong one again and lost.
alter table inbound_item
  drop constraint inbound_item_kind_trace_number_code_dated_on_key,
  add constraint inbound_item_once unique (kind, trace_number, code, dated_on, amount_cents);
