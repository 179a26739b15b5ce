-- What a straightforward service would write of an invoice: its number, the invoice, the event. The baselines a to c issue into it.
drop schema if exists plain cascade;
create schema plain;

create table plain.counter (
    seller_id text   not null primary key,
    last      bigint not null
);

create table plain.invoice (
    seller_id      text          not null,
    invoice_id     uuid          not null default gen_random_uuid(),
    sequence       bigint        not null,
    number         text          not null,
    issue_date     date          not null default current_date,
    issued_at      timestamptz   not null default now(),
    currency       char(3)       not null default 'EUR',
    total_with_vat numeric(19,4) not null default 99.5,
    body           text          not null,
    primary key (seller_id, invoice_id),
    unique (seller_id, sequence)
);

create table plain.outbox (
    position    bigint      not null primary key generated always as identity,
    event_id    uuid        not null default gen_random_uuid(),
    name        text        not null,
    body        text        not null,
    occurred_at timestamptz not null default now()
);

-- An exception block of PL/pgSQL is a savepoint: it is set before, released after, and rolled back to when the number was taken by another.
create function plain.insert_with_next_number(invoice_body text) returns bigint language plpgsql as $$
declare
    taken bigint;
begin
    select coalesce(max(sequence), 0) + 1 into taken from plain.invoice where seller_id = 'seller-00';
    loop
        begin
            insert into plain.invoice (seller_id, sequence, number, body)
            values ('seller-00', taken, 'F-S01-2026-' || lpad(taken::text, 6, '0'), invoice_body);
            return taken;
        exception when unique_violation then
            taken := taken + 1;
        end;
    end loop;
end
$$;
