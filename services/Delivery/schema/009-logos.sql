-- The logo of each seller, as its address last gave it.
create table logo (
    seller_id      text        not null primary key,
    -- What the seller last said, and the version of the seller that said so.
    seller_version bigint      not null,
    url            text,
    -- When to fetch it (again); none: it is as the seller wants it.
    due_at         timestamptz,
    failures       integer     not null default 0,
    last_error     text,
    last_error_at  timestamptz,
    -- The last good one, which stays while another cannot be had.
    version        uuid,
    content        bytea,
    fetched_from   text,
    fetched_at     timestamptz
);
create index logo_due on logo (due_at) where due_at is not null;
grant update on logo to {app};
