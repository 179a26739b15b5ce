-- Every measurement of a baseline begins with the same state.
truncate plain.counter, plain.invoice, plain.outbox restart identity;
insert into plain.counter values ('seller-00', 0);
