-- (a) A row lock gives the number: the counter is locked from its update to the commit.
begin;
update plain.counter set last = last + 1 where seller_id = 'seller-00' returning last \gset
insert into plain.invoice (seller_id, sequence, number, body) values ('seller-00', :last::bigint, 'F-S01-2026-' || lpad(:last::text, 6, '0'), :invoice_body);
insert into plain.outbox (name, body) values ('invoicing.invoice-issued.v1', :event_body);
end;
