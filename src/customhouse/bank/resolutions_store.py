"""SQL of what a person decides about an alarm that does not clear itself."""

# One open alarm, held.
HOLD_ALARM = """
select alarm_id, kind, sentence from alarm
where alarm_id = %(alarm_id)s and cleared_at is null
for update
"""

# Keep who decided and why.
RESOLVE = """
insert into alarm_resolution (alarm_id, resolved_by, reason, resolved_at)
values (%(alarm_id)s, %(by)s, %(reason)s, %(resolved_at)s)
"""

# The alarm is cleared.
CLEAR = """
update alarm set cleared_at = %(resolved_at)s where alarm_id = %(alarm_id)s
"""

# Open alarms with their numbers, oldest first.
OPEN_ALARMS = """
select alarm_id, kind, reference, sentence, raised_at from alarm
where cleared_at is null order by alarm_id
"""
