-- What became of a message after its channel had accepted it.
alter table transmission drop constraint transmission_status_check;
alter table transmission add constraint transmission_status_check
    check (status in ('queued', 'sent', 'delivered', 'bounced', 'complained', 'failed'));
alter table transmission drop constraint transmission_purpose_check;
alter table transmission add constraint transmission_purpose_check
    check (purpose in ('invoice', 'reminder', 'sign-in', 'notice'));

-- The mail host of a recipient: what it puts off, and how fast it is mailed, is its own.
alter table transmission
    add column host text generated always as (case when channel = 'email' then lower(substring(recipient from '[^@]*$')) else '' end) stored;
create index transmission_waiting_by_host on transmission (host) where status = 'queued';

-- Short messages are few beside mails that wait.
create index transmission_due_by_gateway on transmission (urgency, due_at) where status = 'queued' and channel <> 'email';

create table mail_host (
    host       text        not null primary key,
    -- Mails in a row that it put off, and until when it gets none.
    failures   integer     not null default 0,
    rest_until timestamptz,
    -- The minute in which it was last mailed under a limit, and how many mails were taken for it in that minute.
    minute     timestamptz,
    taken      integer     not null default 0
);
grant update on mail_host to {app};

-- Addresses that were reported as gone, or whose owner complained: nothing more goes there.
create table unreachable_address (
    seller_id text        not null,
    channel   text        not null,
    -- In lower case. Personal data; an erasure removes it.
    address   text        not null,
    reason    text        not null,
    since     timestamptz not null,
    primary key (seller_id, channel, address)
);
grant update, delete on unreachable_address to {app};
