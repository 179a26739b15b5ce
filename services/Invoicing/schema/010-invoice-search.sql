-- What an invoice is found by, beside the invoice and some moments after it: words of its number, buyer and lines, each with its seller
-- before it, so that nobody's words are looked through for another. In the months of their invoices.
create table invoice_search (
    seller_id  text     not null,
    invoice_id uuid     not null,
    words      tsvector not null,
    primary key (seller_id, invoice_id)
) partition by range (invoice_id);
create index invoice_search_words on invoice_search using gin (words);
grant update, delete on invoice_search to {app};
create table invoice_search_rest partition of invoice_search default;
insert into monthly (name) values ('invoice_search');
select keep_month('invoice_search', month::date)
from generate_series(
    date_trunc('month', (select min(issued_at) from invoice) at time zone 'UTC'),
    date_trunc('month', (select max(issued_at) from invoice) at time zone 'UTC'),
    interval '1 month') month;

-- Up to which invoice they were gathered.
create table invoice_search_end (
    only_one   boolean not null primary key default true check (only_one),
    invoice_id uuid    not null
);
insert into invoice_search_end (invoice_id) values ('00000000-0000-0000-0000-000000000000');
grant update on invoice_search_end to {app};
