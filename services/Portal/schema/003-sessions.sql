-- Someone sees where he is signed in, and ends it.
alter table session
    -- What a session is called by who ends it; it opens nothing.
    add column session_id   uuid not null default gen_random_uuid(),
    -- Browser and system in words; empty where the browser did not say.
    add column device       text not null default '',
    add column last_seen_at timestamptz;
create unique index session_by_id on session (session_id);
create index session_by_email on session (lower(email));
grant update (last_seen_at) on session to {app};

-- What somebody had written when the session ended: sealed with a secret of that browser, for some minutes.
create table kept_form (
    form_id      uuid        not null primary key,
    browser_hash bytea       not null,
    email        text        not null,
    sealed       bytea       not null,
    expires_at   timestamptz not null
);
create index on kept_form (expires_at);
grant delete on kept_form to {app};
