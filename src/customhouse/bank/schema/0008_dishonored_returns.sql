-- Another bank dishonors a return of this bank: kept as it came, and a person looks at it.
alter table inbound_item
  drop constraint inbound_item_kind_check,
  add constraint inbound_item_kind_check
    check (kind in ('settled', 'returned', 'changed', 'contested', 'dishonored'));
