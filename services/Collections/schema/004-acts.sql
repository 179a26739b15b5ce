-- Who did what to whom, when and why. Nothing is changed or taken out.
create table act (
    seller_id    text        not null,
    act_id       uuid        not null,
    at           timestamptz not null,
    -- key, staff, customer or system; the name is the key's id or the address.
    by_kind      text        not null check (by_kind in ('key', 'staff', 'customer', 'system')),
    by_name      text        not null,
    role         text,
    kind         text        not null,
    invoice_id   uuid,
    customer_key text,
    why          text,
    body         jsonb,
    primary key (seller_id, act_id)
);
create index act_by_invoice on act (seller_id, invoice_id, act_id) where invoice_id is not null;
create index act_by_customer on act (seller_id, customer_key, act_id) where customer_key is not null;

-- A hold may end by itself, and may be of one customer's everything. Who placed it may be staff: a key is only one of them.
alter table hold
    add column until         date,
    add column placed_by_name text,
    add column released_why  text;
alter table hold alter column placed_by drop not null;
grant update (released_at, released_why) on hold to {app};
create table customer_hold (
    seller_id      text        not null,
    customer_key   text        not null,
    hold_id        uuid        not null,
    reason         text        not null,
    placed_by_name text        not null,
    placed_at      timestamptz not null,
    until          date,
    released_at    timestamptz,
    released_why   text,
    primary key (seller_id, customer_key, hold_id)
);
grant update (released_at, released_why) on customer_hold to {app};
create unique index customer_hold_by_id on customer_hold (seller_id, hold_id);

-- A day and an amount that a customer gave its word for; the instalments of a plan share its id.
create table promise (
    seller_id    text          not null,
    promise_id   uuid          not null,
    invoice_id   uuid          not null,
    customer_key text          not null,
    plan_id      uuid,
    date         date          not null,
    amount       numeric(19,4) not null check (amount > 0),
    currency     char(3)       not null,
    -- The zone whose end of the day counts.
    time_zone    text          not null,
    made_at      timestamptz   not null,
    cancelled_at timestamptz,
    judged_at    timestamptz,
    standing     text check (standing in ('kept', 'partial', 'broken')),
    kept_amount  numeric(19,4),
    primary key (seller_id, promise_id),
    check ((judged_at is null) = (standing is null))
);
grant update (cancelled_at, judged_at, standing, kept_amount) on promise to {app};
create index promise_by_invoice on promise (seller_id, invoice_id, date);
create index promise_by_customer on promise (seller_id, customer_key);
create index promise_open on promise (seller_id, invoice_id, date) where cancelled_at is null and judged_at is null;
create index promise_to_judge on promise (date) where cancelled_at is null and judged_at is null;

-- What a customer says is not owed; while it is open that much is not asked for.
create table dispute (
    seller_id   text          not null,
    dispute_id  uuid          not null,
    invoice_id  uuid          not null,
    line_id     text,
    amount      numeric(19,4) not null check (amount > 0),
    currency    char(3)       not null,
    reason      text          not null,
    raised_at   timestamptz   not null,
    resolved_at timestamptz,
    outcome     text check (outcome in ('accepted', 'rejected', 'withdrawn')),
    primary key (seller_id, dispute_id),
    check ((resolved_at is null) = (outcome is null))
);
grant update (resolved_at, outcome) on dispute to {app};
create index dispute_open on dispute (seller_id, invoice_id) where resolved_at is null;
-- One complaint about one thing at a time.
create unique index dispute_once on dispute (seller_id, invoice_id, coalesce(line_id, '')) where resolved_at is null;

-- What the seller gives up on: asked by one, approved by another, booked by Payments under the same id.
create table write_off (
    seller_id    text          not null,
    write_off_id uuid          not null,
    invoice_id   uuid          not null,
    amount       numeric(19,4) not null check (amount > 0),
    currency     char(3)       not null,
    reason       text          not null,
    state        text          not null check (state in ('asked', 'approved', 'booked', 'refused')),
    asked_by     text          not null,
    asked_at     timestamptz   not null,
    decided_by   text,
    decided_at   timestamptz,
    booked_at    timestamptz,
    booked       numeric(19,4),
    -- When Payments is asked, and why it has not booked yet.
    next_try_at  timestamptz,
    tries        integer       not null default 0,
    waits_because text,
    primary key (seller_id, write_off_id)
);
grant update (state, decided_by, decided_at, booked_at, booked, next_try_at, tries, waits_because) on write_off to {app};
create index write_off_by_invoice on write_off (seller_id, invoice_id);
-- One at a time, so that two together never give up more than is due.
create unique index write_off_pending on write_off (seller_id, invoice_id) where state in ('asked', 'approved');
create index write_off_to_book on write_off (next_try_at) where state = 'approved';

-- What a seller chose; where there is no row every write-off is approved by a second person.
create table collections_setting (
    seller_id                       text          not null primary key,
    write_off_without_approval_up_to numeric(19,4) not null check (write_off_without_approval_up_to >= 0),
    changed_at                      timestamptz   not null
);
grant update on collections_setting to {app};
