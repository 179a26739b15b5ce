-- Invoices by the month they were issued in, which their id begins with; their numbers in a table of its own, because a number is unique
-- over all months.
alter table invoice rename to invoice_before;
alter table invoice_before rename constraint invoice_pkey to invoice_before_pkey;
alter index invoice_by_id rename to invoice_before_by_id;
alter index invoice_by_issue_date rename to invoice_before_by_issue_date;
create table invoice (
    seller_id      text          not null,
    invoice_id     uuid          not null,
    environment    text          not null,
    kind           text          not null,
    number         text          not null,
    series         text          not null,
    store_id       text          not null,
    issue_date     date          not null,
    operation_date date          not null,
    issued_at      timestamptz   not null,
    currency       char(3)       not null,
    total_with_vat numeric(19,4) not null,
    buyer_name     text,
    body           text          not null,
    primary key (seller_id, invoice_id)
) partition by range (invoice_id);
create index invoice_by_id on invoice (invoice_id);
create index invoice_by_issue_date on invoice (seller_id, issue_date);
do $$
begin
    alter table invoice alter column body set compression lz4;
exception when feature_not_supported then
    null;
end $$;
create table invoice_rest partition of invoice default;
insert into monthly (name, options) values ('invoice', 'with (toast_tuple_target = 3072)');

create table invoice_number (
    seller_id   text not null,
    number      text not null,
    environment text not null,
    invoice_id  uuid not null,
    primary key (seller_id, number, environment)
);

select keep_month('invoice', month::date)
from generate_series(
    date_trunc('month', (select min(issued_at) from invoice_before) at time zone 'UTC'),
    date_trunc('month', (select max(issued_at) from invoice_before) at time zone 'UTC'),
    interval '1 month') month;
insert into invoice (seller_id, invoice_id, environment, kind, number, series, store_id, issue_date, operation_date, issued_at, currency,
    total_with_vat, buyer_name, body)
select seller_id, invoice_id, environment, kind, number, series, store_id, issue_date, operation_date, issued_at, currency,
    total_with_vat, buyer_name, body from invoice_before;
insert into invoice_number (seller_id, number, environment, invoice_id) select seller_id, number, environment, invoice_id from invoice;

-- What is written rarely goes on referring to the invoice.
alter table correction drop constraint correction_seller_id_corrective_invoice_id_fkey;
alter table act drop constraint act_seller_id_invoice_id_fkey;
alter table cancellation drop constraint cancellation_seller_id_invoice_id_fkey;
alter table exchange drop constraint exchange_seller_id_exchange_invoice_id_fkey;
drop table invoice_before;
alter table correction add foreign key (seller_id, corrective_invoice_id) references invoice;
alter table act add foreign key (seller_id, invoice_id) references invoice deferrable initially deferred;
alter table cancellation add foreign key (seller_id, invoice_id) references invoice;
alter table exchange add foreign key (seller_id, exchange_invoice_id) references invoice deferrable initially deferred;
