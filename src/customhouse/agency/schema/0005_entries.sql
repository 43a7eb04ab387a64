-- Payment type 5, client branches, due dates, warehouse entries, and closings of the agency.

alter table entry_summary
  drop constraint entry_summary_payment_type_check,
  add constraint entry_summary_payment_type_check check (payment_type in ('1', '2', '3', '5')),
  -- The client branch whose statement it goes on, where the filer's port uses branches.
  add column client_branch text not null default '' check (client_branch ~ '^([0-9A-Z]{2})?$'),
  add constraint entry_summary_branch_check check (client_branch = '' or payment_type <> '1'),
  -- For a withdrawal: the whole number of the warehouse entry it withdraws from.
  add column warehouse_entry text not null default ''
    check (warehouse_entry ~ '^([0-9A-Z]{3}[0-9]{8})?$'),
  -- The last day to pay; null where it was never computed or lies beyond the calendar.
  add column due_on date;

alter table statement
  drop constraint statement_payment_type_check,
  add constraint statement_payment_type_check check (payment_type in ('2', '3', '5')),
  -- Of type 5 importer_number is the number without its suffix.
  add column client_branch text not null default '' check (client_branch ~ '^([0-9A-Z]{2})?$');

-- Whether a filer's statements at a port are split by client branch (by arrangement).
alter table filer_port add column uses_client_branch boolean not null default false;

-- An IRS number without its suffix has ten characters; no other form shares them.
create index importer_base on importer (left(importer_number, 10));

-- Days on which the agency does not work that no rule foretells: at all its ports (port '') or at
-- one of them, a local holiday. A row counts from the business date effective_on until the day
-- before withdrawn_on.
create table closure (
  calendar text not null check (calendar = 'federal-offices'),
  port text not null default '' check (port ~ '^([0-9]{4})?$'),
  closed_on date not null,
  reason text not null check (length(reason) between 1 and 80),
  effective_on date not null,
  withdrawn_on date check (withdrawn_on >= effective_on),
  primary key (calendar, port, closed_on)
);
