-- What was bought together: the products of each sale, each once. Chance decides a sale's tier, by its own id and so the same for ever: half of
-- all sales have tier 1 or more, a quarter 2 or more. Whoever needs no more than some thousands reads the tiers that hold so many.
create table basket (
    seller_id      text        not null,
    invoice_id     uuid        not null,
    -- When this service had it.
    known_at       timestamptz not null,
    operation_date date        not null,
    tier           smallint    not null,
    products       text[]      not null,
    primary key (seller_id, invoice_id)
) partition by range (invoice_id);
create table basket_rest partition of basket default;
insert into monthly (name) values ('basket');
create index basket_by_tier on basket (seller_id, tier, operation_date);
