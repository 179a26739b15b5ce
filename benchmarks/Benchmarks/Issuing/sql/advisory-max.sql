-- (b) An advisory lock until the commit, and one more than the highest number, as a well-known billing system does.
begin;
select pg_advisory_xact_lock(4711);
select coalesce(max(sequence), 0) + 1 as next from plain.invoice where seller_id = 'seller-00' \gset
insert into plain.invoice (seller_id, sequence, number, body) values ('seller-00', :next::bigint, 'F-S01-2026-' || lpad(:next::text, 6, '0'), :invoice_body);
insert into plain.outbox (name, body) values ('invoicing.invoice-issued.v1', :event_body);
end;
