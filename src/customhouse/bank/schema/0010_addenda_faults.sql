-- What is wrong with the addenda of an entry as records. The entry and its money are whole, so that
-- it is taken and the agency is told; empty where nothing is wrong.
alter table incoming_entry
  add column addenda_fault text not null default '' check (
    addenda_fault in ('', 'missing', 'unannounced', 'miscounted', 'misnumbered', 'other-entry'));
