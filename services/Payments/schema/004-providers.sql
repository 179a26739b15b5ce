-- A seller's account with a payment provider: what it is known by there, and in which order the seller prefers it.
create table provider_account (
    seller_id   text        not null,
    provider    text        not null,
    -- What the provider calls it. A notice that names it is this seller's, so no two sellers have the same.
    account_id  text        not null,
    environment text        not null check (environment in ('test', 'live')),
    means       text[]      not null check (cardinality(means) > 0),
    place       smallint    not null,
    -- Whether anything new begins there; what is under way ends there in any case.
    enabled     boolean     not null,
    settings    jsonb       not null,
    -- Sealed, and bound to this seller and provider.
    secrets     bytea       not null,
    version     bigint      not null default 1,
    changed_at  timestamptz not null,
    primary key (seller_id, provider),
    unique (provider, account_id)
);
grant update on provider_account to {app};

-- A customer's way through a provider's pages. The row is there, and what it pays for is in flight, before the provider is asked: a crash
-- loses no payment, and its id, sent along, begins nothing twice.
create table checkout (
    seller_id    text          not null,
    checkout_id  uuid          not null,
    -- The page's: a double click or a back button finds the same. A further attempt under it is made where the one before came to nothing
    -- or another means was chosen, or where its provider did not answer.
    key          text          not null,
    attempt      smallint      not null,
    provider     text          not null,
    means        text          not null,
    -- What the provider knows it by where its wire holds no more than twelve characters.
    order_code   text          not null,
    currency     char(3)       not null,
    amount       numeric(19,4) not null check (amount > 0),
    state        text          not null check (state in ('open', 'paid', 'failed', 'cancelled', 'expired')),
    -- The provider's ids of it and of its payment.
    session      text,
    reference    text,
    -- Where the payer is sent, and what is posted there; absent until the provider has answered.
    address      text,
    fields       json,
    description  text          not null,
    language     text          not null,
    return_to    text          not null,
    customer_id  text,
    -- Why it is still open, or why it came to nothing.
    reason       text,
    payment_id   uuid,
    started_at   timestamptz   not null,
    expires_at   timestamptz   not null,
    next_look_at timestamptz,
    looks        integer       not null default 0,
    -- When it was asked about last because its payer came back.
    seen_at      timestamptz,
    ended_at     timestamptz,
    primary key (seller_id, checkout_id),
    unique (seller_id, key, attempt),
    unique (provider, order_code),
    -- Nothing stays open without a reason and a next time to ask. One that was declined is asked about once more when nobody can try again
    -- on the provider's page; one that was paid never.
    constraint what_is_open_is_looked_at check (
        (state <> 'open' or (next_look_at is not null and reason is not null)) and (state <> 'paid' or next_look_at is null)
    ),
    check ((state = 'open') = (ended_at is null))
);
create index checkout_due on checkout (next_look_at) where next_look_at is not null;
create index checkout_open on checkout (started_at) where state = 'open';
create index checkout_used on checkout (seller_id, customer_id, ended_at desc) where state = 'paid' and customer_id is not null;
grant update (state, session, reference, address, fields, reason, payment_id, expires_at, next_look_at, looks, seen_at, ended_at)
    on checkout to {app};

-- What each invoice gets of a checkout; in flight while the checkout is open.
create table checkout_part (
    seller_id   text          not null,
    checkout_id uuid          not null,
    nth         smallint      not null,
    invoice_id  uuid          not null,
    amount      numeric(19,4) not null check (amount > 0),
    primary key (seller_id, checkout_id, invoice_id)
);
create index checkout_part_by_invoice on checkout_part (seller_id, invoice_id);

-- What providers told us, signed: kept before anything else, once each, applied afterwards.
create table provider_notice (
    seller_id   text        not null,
    provider    text        not null,
    event_id    text        not null,
    position    bigint      generated always as identity,
    received_at timestamptz not null,
    -- What it tells, in our words; its order of fields is kept, so it is no jsonb.
    facts       json        not null,
    -- As it came.
    body        bytea       not null,
    state       text        not null check (state in ('waiting', 'applied', 'failed')),
    attempts    integer     not null default 0,
    next_try_at timestamptz,
    -- Why it waits, or why it was given up.
    reason      text,
    primary key (seller_id, provider, event_id),
    constraint what_waits_is_tried_again check ((state = 'waiting') = (next_try_at is not null))
);
create index provider_notice_waiting on provider_notice (seller_id, provider, next_try_at) where state = 'waiting';
create index provider_notice_failed on provider_notice (received_at) where state = 'failed';
create index provider_notice_old on provider_notice (received_at) where state = 'applied';
-- What was applied is forgotten after some months; its facts stay.
grant update (state, attempts, next_try_at, reason), delete on provider_notice to {app};

-- What came to a provider's address and was not the provider's, or not in time: for operators to see, not to be believed.
create table refused_notice (
    position   bigint      generated always as identity primary key,
    provider   text        not null,
    -- Which account it said that it was for, and whose that was then.
    account_id text,
    seller_id  text,
    at         timestamptz not null,
    code       text        not null,
    sha256     bytea       not null,
    body_start text        not null,
    remote     text
);
create index refused_notice_by_seller on refused_notice (seller_id, position);
create index refused_notice_old on refused_notice (at);
grant delete on refused_notice to {app};

-- What happened at a provider and has had its effect, each once: whether a notice told it, a second one did, or the provider said it when
-- it was asked.
create table provider_fact (
    seller_id   text        not null,
    provider    text        not null,
    fact_id     text        not null,
    -- By the provider's clock.
    at          timestamptz not null,
    effect      text        not null,
    checkout_id uuid,
    payment_id  uuid,
    refund_id   uuid,
    applied_at  timestamptz not null,
    primary key (seller_id, provider, fact_id)
);
create index provider_fact_by_payment on provider_fact (seller_id, payment_id) where payment_id is not null;
