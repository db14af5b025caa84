-- A lease is one row in D1. What asks for sessions in the order of time looks at each of its network's numbers, and
-- who used a click token is asked of the time since its click, so that no index is written for either.

DROP INDEX sessions_by_network;
DROP INDEX sessions_by_click;
