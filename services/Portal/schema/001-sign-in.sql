-- A link asked for at the sign-in page, for an address that may be nobody's: the row is the same either way, and whether the
-- address is known is asked afterwards, out of sight.
create table sign_in_link (
    link_id         uuid        not null primary key,
    -- SHA-256 of the token: what is stored opens nothing.
    token_hash      bytea       not null unique,
    -- SHA-256 of the cookie of the browser that asked: the link opens only there.
    browser_hash    bytea       not null,
    email           text        not null,
    language        text        not null,
    next_path       text        not null,
    asked_from      text        not null,
    asked_at        timestamptz not null,
    expires_at      timestamptz not null,
    -- When to look the address up and have the link mailed; null once that is done.
    next_attempt_at timestamptz,
    attempts        integer     not null default 0,
    used_at         timestamptz
);
create index on sign_in_link (email, asked_at);
create index on sign_in_link (asked_from, asked_at);
create index on sign_in_link (next_attempt_at) where next_attempt_at is not null;
grant update, delete on sign_in_link to {app};

-- Someone signed in, in one browser. A link makes one session.
create table session (
    token_hash bytea       not null primary key,
    link_id    uuid        not null unique,
    email      text        not null,
    started_at timestamptz not null,
    expires_at timestamptz not null
);
create index on session (expires_at);
grant delete on session to {app};

-- The keys that seal the forms' tokens, so that a form opened before a restart can be sent after it.
create table data_protection_key (
    name       text        not null primary key,
    xml        text        not null,
    created_at timestamptz not null default now()
);
