-- What is made here of an invoice of a former system (returns, an exchange) is kept as that of our own is, under a name made of its
-- number and date (FormerOriginal.IdOf): there is no invoice here to refer to.
alter table returned drop constraint returned_seller_id_invoice_id_fkey;
alter table returned_product drop constraint returned_product_seller_id_invoice_id_fkey;
alter table correction drop constraint correction_seller_id_invoice_id_fkey;
alter table exchange drop constraint exchange_seller_id_ticket_invoice_id_fkey;

insert into correction (seller_id, invoice_id, corrective_invoice_id, corrective_number, issue_date)
select i.seller_id,
    overlay(overlay(left(encode(sha256(convert_to(concat_ws(chr(10), i.seller_id, c ->> 'number', c ->> 'issueDate'), 'UTF8')), 'hex'), 32)
        placing '8' from 13) placing '8' from 17)::uuid,
    i.invoice_id, i.number, i.issue_date
from invoice i cross join lateral jsonb_array_elements(i.body::jsonb -> 'corrects') c
where i.kind = 'Corrective' and c ->> 'invoiceId' is null and c ->> 'issueDate' is not null
on conflict do nothing;
