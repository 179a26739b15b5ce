-- (c) One more than the highest number, without a lock, in a savepoint; where another transaction took the number the next one is tried,
-- as a well-known ERP does.
begin;
select plain.insert_with_next_number(:invoice_body) as next \gset
insert into plain.outbox (name, body) values ('invoicing.invoice-issued.v1', :event_body);
end;
