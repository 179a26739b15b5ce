-- What each seller's products have sold: sums that only grow (decision 24). Weights are as of the statistic's epoch.
create table sold_product (
    seller_id         text             not null,
    sku               text             not null,
    -- As it was last sold under.
    name              text             not null,
    weight            double precision not null,
    baskets           bigint           not null,
    last_at           timestamptz      not null,
    -- What goes with it best, and how well, best first; as of so many baskets.
    goes_with         text[]           not null default '{}',
    goes_with_score   real[]           not null default '{}',
    listed_at_baskets bigint           not null default 0,
    primary key (seller_id, sku)
);
create index sold_product_most on sold_product (seller_id, weight desc);
grant update on sold_product to {app};

-- Two products that were bought together, in the order of their codes. Room in its pages: a pair's weight changes often, its keys never.
create table sold_pair (
    seller_id text             not null,
    sku       text             not null,
    other_sku text             not null,
    weight    double precision not null,
    primary key (seller_id, sku, other_sku)
) with (fillfactor = 80);
create index sold_pair_other on sold_pair (seller_id, other_sku);
grant update on sold_pair to {app};

-- What a seller says is no product.
create table suggestion_rule (
    seller_id          text        not null primary key,
    left_out           text[]      not null,
    words_are_products boolean     not null,
    changed_at         timestamptz not null
);
grant update on suggestion_rule to {app};
