-- Invoices as they were heard, until what they teach is learned: what is bought together, and what customers do after an offer.
-- A mail does not wait for that, and the broker keeps no second copy for it.
create table heard_sale (
    position    bigint  generated always as identity primary key,
    event_id    uuid    not null,
    -- Whose personal data it is, so that an erasure finds it.
    seller_id   text    not null,
    customer_id text,
    body        text    not null,
    -- How often learning from it failed, and when it is tried again: later each time, so that it holds up no other, and never given up.
    failures    integer not null default 0,
    not_before  timestamptz
);
do $$
begin
    alter table heard_sale alter column body set compression lz4;
exception when feature_not_supported then
    null;
end $$;
grant update, delete on heard_sale to {app};
