-- A seller's own ways out beside e-mail, in the order in which they are tried (decision 0025).
create table channel (
    seller_id      text        not null,
    channel        text        not null check (channel in ('sms', 'whatsapp', 'webhook', 'print')),
    enabled        boolean     not null,
    priority       integer     not null,
    -- The gateway's address, method, body and what it says when it has taken a message; null for print, which the till fetches.
    gateway        text,
    -- The gateway's headers, keys among them, under the seal of that name.
    sealed_headers bytea,
    seal           text,
    changed_at     timestamptz not null,
    primary key (seller_id, channel)
);
grant update, delete on channel to {app};

-- Where else an invoice's buyer may be reached, kept while its mail may still come back. Personal data; an erasure finds it by customer.
create table transmission_fallback (
    seller_id   text        not null,
    invoice_id  uuid        not null,
    -- E.164.
    phone       text,
    email       text,
    customer_id text,
    created_at  timestamptz not null,
    primary key (seller_id, invoice_id)
);
create index transmission_fallback_old on transmission_fallback (created_at);
grant update, delete on transmission_fallback to {app};

-- Links that show one invoice to whoever holds them: in a short message, or for the till's printer.
create table invoice_link (
    seller_id       text        not null,
    -- 128 random bits.
    name            text        not null unique,
    invoice_id      uuid        not null,
    -- The message that carries it: written twice, it carries the same link.
    transmission_id uuid,
    -- 'page' for a buyer, 'ticket' for a roll of 80 mm.
    kind            text        not null check (kind in ('page', 'ticket')),
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    primary key (seller_id, name)
);
create unique index invoice_link_once on invoice_link (seller_id, transmission_id);
create index invoice_link_old on invoice_link (expires_at);
grant update, delete on invoice_link to {app};

-- A short message knows its transmission and nothing else when it is handed over.
create index transmission_of_gateway on transmission (transmission_id) where channel <> 'email';
