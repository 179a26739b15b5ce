-- What a seller signs with. The certificate is public; its private key is sealed with a key that only this service is handed.
create table seller_certificate (
    seller_id   text        not null primary key references seller,
    certificate bytea       not null,
    sealed_key  bytea       not null,
    -- The name of the key that sealed it: one sealed before the keys were changed is told from a broken one.
    seal        text        not null,
    kept_at     timestamptz not null
);
grant update on seller_certificate to {app};
