-- Who sells: as registered, and as last told to the other services.
create table seller (
    seller_id     text        not null primary key,
    body          text        not null,
    version       bigint      not null,
    -- The event seller-registered as last told.
    told          text        not null,
    registered_at timestamptz not null
);
grant update on seller to {app};

create table staff (
    seller_id text   not null references seller,
    email     text   not null check (email = lower(email)),
    role      text   not null,
    stores    text[] not null,
    primary key (seller_id, email)
);
create index staff_email on staff (email);
grant update, delete on staff to {app};

-- Keys that were given, never the keys themselves; revoked ones stand in revoked_key.
create table api_key (
    seller_id text        not null references seller,
    key_id    uuid        not null,
    scopes    text[]      not null,
    given_at  timestamptz not null,
    primary key (seller_id, key_id)
);

-- The last number of each series. Tax law wants no gaps, so it is a row that is locked and not a sequence.
create table number_series (
    seller_id   text    not null references seller,
    environment text    not null,
    kind        char(1) not null,
    store_id    text    not null,
    year        integer not null,
    tax_id      text    not null,
    series      text    not null,
    last        bigint  not null,
    primary key (seller_id, environment, kind, store_id, year),
    -- A taxpayer's numbers are unique, even where two sellers share the identifier.
    unique (tax_id, environment, series)
);
grant update on number_series to {app};

-- An invoice as it was issued, for ever: append-only, without what may be erased.
create table invoice (
    seller_id      text          not null references seller,
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
    primary key (seller_id, invoice_id),
    unique (seller_id, environment, number)
);
create index invoice_by_id on invoice (invoice_id);
create index invoice_by_issue_date on invoice (seller_id, issue_date);

-- Personal data apart from the fiscal row: erasing it leaves the invoice as the law wants it kept.
create table invoice_contact (
    seller_id   text not null,
    invoice_id  uuid not null,
    customer_id text,
    name        text,
    email       text,
    phone       text,
    language    text,
    primary key (seller_id, invoice_id),
    foreign key (seller_id, invoice_id) references invoice
);
create index invoice_contact_email on invoice_contact (lower(email)) where email is not null;
create index invoice_contact_customer on invoice_contact (seller_id, customer_id) where customer_id is not null;
grant update, delete on invoice_contact to {app};

-- The key that makes posting idempotent: one sale, one invoice.
create table sale (
    seller_id    text        not null,
    sale_id      text        not null,
    content_hash bytea       not null,
    invoice_id   uuid        not null,
    occurred_at  timestamptz not null,
    posted_at    timestamptz not null,
    primary key (seller_id, sale_id),
    foreign key (seller_id, invoice_id) references invoice deferrable initially deferred
);

-- The head of each fiscal chain: one per tax identifier, environment and installation, over all series and stores.
create table fiscal_chain (
    tax_id       text        not null,
    environment  text        not null,
    installation text        not null,
    last         bigint      not null,
    fingerprint  text,
    recorded_at  timestamptz,
    primary key (tax_id, environment, installation)
);
grant update on fiscal_chain to {app};

-- What was recorded under the fiscal regime: append-only.
create table fiscal_record (
    seller_id            text          not null,
    invoice_id           uuid          not null,
    tax_id               text          not null,
    environment          text          not null,
    installation         text          not null,
    position             bigint        not null,
    record_type          text          not null,
    number               text          not null,
    issue_date           date          not null,
    vat_total            numeric(19,4) not null,
    total_with_vat       numeric(19,4) not null,
    previous_fingerprint text,
    fingerprint          text          not null,
    -- As fingerprinted, with the offset of the place of issue.
    recorded_at          text          not null,
    primary key (seller_id, invoice_id, position),
    unique (tax_id, environment, installation, position),
    foreign key (seller_id, invoice_id) references invoice
);

-- Which invoice corrects which.
create table correction (
    seller_id             text not null,
    invoice_id            uuid not null,
    corrective_invoice_id uuid not null,
    corrective_number     text not null,
    issue_date            date not null,
    primary key (seller_id, invoice_id, corrective_invoice_id),
    foreign key (seller_id, invoice_id) references invoice,
    foreign key (seller_id, corrective_invoice_id) references invoice
);

-- What has come back of an invoice; its row lock keeps two returns from taking the same goods.
create table returned (
    seller_id  text          not null,
    invoice_id uuid          not null,
    total      numeric(19,4) not null,
    primary key (seller_id, invoice_id),
    foreign key (seller_id, invoice_id) references invoice
);
grant update on returned to {app};

create table returned_product (
    seller_id         text           not null,
    invoice_id        uuid           not null,
    product           text           not null,
    quantity          numeric(28,10) not null,
    return_invoice_id uuid           not null,
    primary key (seller_id, invoice_id, product, return_invoice_id),
    foreign key (seller_id, invoice_id) references invoice
);

-- Returns that came by the bus before their original.
create table held_return (
    seller_id           text        not null references seller,
    sale_id             text        not null,
    body                text        not null,
    original_sale_id    text,
    original_invoice_id uuid,
    original_number     text,
    held_at             timestamptz not null,
    give_up_at          timestamptz not null,
    primary key (seller_id, sale_id)
);
grant update, delete on held_return to {app};
