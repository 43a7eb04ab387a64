-- Copies of statements on request (MO): what was sent for a filer on a day is found by filer and day.
create index abi_outbox_statements on abi_outbox (filer_code, created_on) where application = 'PF';
