-- Who filed a form to join ACH Credit, told to the officer who decides it (CRD-12); and who gave an
-- importer its token or took it away.

alter table credit_application
  -- A sender; the payer with its own token; an officer from paper; or filed before this was kept.
  add column filed_by text not null default 'not-kept',
  -- The filers for whom the sender transmitted on that day: they may be others by now.
  add column filer_codes text[] not null default '{}';
update credit_application a
set filed_by = case when a.sender_id is null then 'not-kept' else 'sender' end,
    filer_codes = array(select f.filer_code from sender_filer f where f.sender_id = a.sender_id
                        order by f.filer_code);
alter table credit_application
  add constraint credit_application_filed_by_check check (
    filed_by in ('sender', 'payer', 'paper', 'not-kept')),
  add constraint credit_application_sender_check check (
    (filed_by = 'sender') = (sender_id is not null)),
  add constraint credit_application_filers_check check (
    filed_by = 'sender' or cardinality(filer_codes) = 0);

-- What was done about importers' tokens, only ever added to. No token is in here, nor its hash.
create table payer_token_act (
  payer_party_id bigint not null,
  act_id bigint generated always as identity,
  action text not null check (action in ('given', 'renewed', 'revoked')),
  officer text not null references credit_officer (name),
  reason text not null check (length(reason) between 1 and 300),
  acted_on date not null,
  acted_at timestamptz not null,
  primary key (payer_party_id, act_id)
);
