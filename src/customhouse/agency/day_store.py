"""SQL of the turn to work at the agency's day."""

# Take turns: one run at a time works at the day; the turn ends with the connection.
TAKE_TURN = "select pg_try_advisory_lock(7304418821) as taken"

# Give the turn back.
END_TURN = "select pg_advisory_unlock(7304418821) as given_back"
