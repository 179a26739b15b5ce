-- What mail servers and recipients reported of a mail: that it arrived, is late, came back, or was complained of. Never changed, but by
-- an erasure: a server's words may name the recipient. The key absorbs a report that comes again, by whatever way.
create table mail_report (
    seller_id       text        not null,
    transmission_id uuid        not null,
    kind            text        not null check (kind in ('relayed', 'delayed', 'delivered', 'bounced', 'complained')),
    -- SHA-256 of what it says.
    fingerprint     bytea       not null,
    -- RFC 3463, such as 5.1.1.
    status          text,
    -- The server's words, or what the complaint is called.
    detail          text,
    source          text        not null check (source in ('mailbox', 'api')),
    recorded_at     timestamptz not null,
    primary key (seller_id, transmission_id, kind, fingerprint),
    foreign key (seller_id, transmission_id) references transmission
);
grant update on mail_report to {app};

-- A report names the transmission and no seller.
create index transmission_by_id on transmission (transmission_id);

-- What mails from a domain are signed with. The private key is sealed with a key that only this service is handed.
create table dkim_key (
    seller_id    text        not null,
    domain       text        not null,
    selector     text        not null,
    -- SubjectPublicKeyInfo in base64, as the record in the DNS has it.
    public_key   text        not null,
    sealed_key   bytea       not null,
    -- The name of the secret that sealed it.
    seal         text        not null,
    active       boolean     not null default false,
    created_at   timestamptz not null,
    activated_at timestamptz,
    primary key (seller_id, domain, selector)
);
create unique index dkim_key_active on dkim_key (seller_id, domain) where active;
grant update, delete on dkim_key to {app};
