-- The store that sold, as Invoicing tells it: staff who are held to stores see the balances of theirs. What was told before has none and is shown
-- to nobody who is held to some.
alter table invoice add column store_id text;
