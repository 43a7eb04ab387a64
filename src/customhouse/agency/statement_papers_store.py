"""SQL of a statement's paper."""

# A statement of one of these filers with its latest attempt, what ACH Credit brought for it and
# every line as it was printed, in one statement so that lines, totals and payments are of the same
# moment.
PAPER = """
select s.statement_number as number, s.state, s.payment_type, s.filer_code,
       p.name as filer_name, s.processing_port as port, s.importer_number,
       ip.name as importer_name, s.client_branch,
       s.print_date, s.due_on, s.final_on, s.preliminary_cents, s.total_cents,
       a.attempt, a.state as attempt_state, a.payer_unit_number, a.accepted_on, a.debit_on,
       a.settled_on, a.returned_on, a.return_code, s.paid_on,
       (select coalesce(sum(w.amount_cents), 0)::bigint from credit_part w
        where w.filer_code = s.filer_code and w.statement_number = s.statement_number
          and w.state = 'unapplied') as waiting_cents,
       (select coalesce(jsonb_agg(jsonb_build_object(
                 'part_id', c.part_id, 'trace_number', k.trace_number,
                 'collected_on', c.collected_on, 'amount_cents', c.amount_cents,
                 'applied_cents', c.applied_cents) order by c.collected_on, c.part_id), '[]')
        from credit_part c
        join incoming_credit k
          on k.company_identification = c.company_identification and k.credit_id = c.credit_id
        where c.filer_code = s.filer_code and c.statement_number = s.statement_number
          and c.state = 'applied') as credits,
       array_agg(l.printed order by l.line_number) as printed,
       array_agg(l.removed_on order by l.line_number) as removed_on,
       array_agg(l.removed_source order by l.line_number) as removed_source
from statement s
join statement_entry l using (filer_code, statement_number)
join filer f using (filer_code)
join party p on p.id = f.party_id
left join lateral (
  -- A statement of type 5 names the importer without its suffix: the first of them lends its name.
  select one.party_id from importer one
  where one.importer_number = s.importer_number
     or (s.payment_type = '5' and left(one.importer_number, 10) = s.importer_number)
  order by one.importer_number limit 1) i on true
left join party ip on ip.id = i.party_id
left join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.attempt = s.attempts
where s.filer_code = any(%(filer_codes)s) and s.statement_number = %(number)s
group by s.filer_code, s.statement_number, p.id, ip.id, a.filer_code, a.statement_number, a.attempt
order by s.filer_code
limit 1
"""
