-- What a seller offers to whom, and for how much. The counters are held to the budget by the statements that raise them.
create table campaign (
    seller_id       text          not null,
    campaign_id     text          not null,
    rules           text          not null,
    -- The seller's days, both inclusive.
    from_date       date          not null,
    to_date         date          not null,
    currency        char(3)       not null,
    measure_days    integer       not null,
    max_impressions bigint,
    max_discount    numeric(19,4),
    -- Invoices that carried it, and what its coupons took off sales.
    impressions     bigint        not null default 0,
    discount        numeric(19,4) not null default 0,
    created_at      timestamptz   not null,
    changed_at      timestamptz   not null,
    primary key (seller_id, campaign_id)
);
create index campaign_running on campaign (seller_id, to_date);
grant update on campaign to {app};

-- Which group a customer is in, written before anything is shown and never changed: what is measured later is measured by it.
create table assignment (
    seller_id   text        not null,
    campaign_id text        not null,
    customer    text        not null,
    held_out    boolean     not null,
    assigned_at timestamptz not null,
    -- The invoice whose mail it was decided for: it is no purchase that the campaign brought.
    invoice_id  uuid        not null,
    primary key (seller_id, campaign_id, customer),
    foreign key (seller_id, campaign_id) references campaign
);

-- An invoice's mail carries a campaign once, however often it is written.
create table impression (
    seller_id   text not null,
    campaign_id text not null,
    invoice_id  uuid not null,
    primary key (seller_id, campaign_id, invoice_id),
    foreign key (seller_id, campaign_id) references campaign
);

-- One customer's code of one campaign. One row holds its whole life, so that its lock lets one sale have it.
create table coupon (
    seller_id        text          not null,
    code             text          not null,
    campaign_id      text          not null,
    customer         text          not null,
    percent          numeric(5,2),
    amount           numeric(19,4),
    currency         char(3)       not null,
    min_total        numeric(19,4),
    issued_at        timestamptz   not null,
    expires_at       timestamptz   not null,
    -- The sale that wants to use it, until when, and what of the budget is kept for it.
    reserved_by      text,
    reservation_id   uuid,
    reserved_until   timestamptz,
    held             numeric(19,4) not null default 0,
    -- The sale that did.
    redeemed_by      text,
    redeemed_invoice uuid,
    redeemed_at      timestamptz,
    redeemed_amount  numeric(19,4),
    primary key (seller_id, code),
    constraint coupon_once unique (seller_id, campaign_id, customer),
    constraint coupon_of_one_kind check ((percent is null) <> (amount is null)),
    constraint coupon_redeemed_whole check (
        (redeemed_invoice is null) = (redeemed_at is null) and (redeemed_invoice is null) = (redeemed_amount is null)
    ),
    foreign key (seller_id, campaign_id) references campaign
);
create index coupon_reserved on coupon (seller_id, campaign_id, reserved_until) where reserved_until is not null and redeemed_invoice is null;
grant update on coupon to {app};

-- A sale is never refused for a coupon: what was not as it should be is shown to the seller.
create table misused_coupon (
    seller_id   text          not null,
    code        text          not null,
    invoice_id  uuid          not null,
    campaign_id text          not null,
    sale_id     text          not null,
    reason      text          not null check (
        reason in ('redeemed-twice', 'without-reservation', 'reserved-by-another-sale', 'expired', 'more-than-reserved')
    ),
    amount      numeric(19,4) not null,
    currency    char(3)       not null,
    at          timestamptz   not null,
    primary key (seller_id, code, invoice_id)
);
create index misused_coupon_listed on misused_coupon (seller_id, at desc, invoice_id desc, code desc);

-- What a known customer bought. The customer is the seller's own name for it, or a digest of the address; no name, no address.
create table purchase (
    seller_id  text          not null,
    invoice_id uuid          not null,
    customer   text          not null,
    at         timestamptz   not null,
    currency   char(3)       not null,
    total      numeric(19,4) not null,
    primary key (seller_id, invoice_id)
);
create index purchase_of_customer on purchase (seller_id, customer, at);

-- What a corrective invoice takes off an invoice; less than nothing where it adds. It may be heard before what it corrects.
create table purchase_return (
    seller_id     text          not null,
    corrective_id uuid          not null,
    invoice_id    uuid          not null,
    amount        numeric(19,4) not null,
    primary key (seller_id, corrective_id)
);
create index purchase_return_of on purchase_return (seller_id, invoice_id);

-- Invoices, corrective ones too, that should never have been.
create table purchase_cancelled (
    seller_id  text not null,
    invoice_id uuid not null,
    primary key (seller_id, invoice_id)
);

-- Purchases that stand, with what is left of them.
create view net_purchase as
select p.seller_id, p.invoice_id, p.customer, p.at, p.currency,
    p.total - coalesce((
        select sum(r.amount) from purchase_return r
        where r.seller_id = p.seller_id and r.invoice_id = p.invoice_id
            and not exists (select from purchase_cancelled c where c.seller_id = r.seller_id and c.invoice_id = r.corrective_id)
    ), 0) as spent
from purchase p
where not exists (select from purchase_cancelled c where c.seller_id = p.seller_id and c.invoice_id = p.invoice_id);
