-- API keys that open nothing any more.
create table revoked_key (
    seller_id  text        not null,
    key_id     uuid        not null,
    revoked_at timestamptz not null,
    primary key (seller_id, key_id)
);
