-- What a seller wants mailed, and how often: a setting of the seller's, which follows from no event and stays when the rest is made again.
create table report_schedule (
    seller_id   text        not null,
    schedule_id text        not null,
    request     jsonb       not null,
    -- Empty where it is not mailed.
    next_at     timestamptz,
    -- Whoever mails it holds it until then.
    held_until  timestamptz,
    primary key (seller_id, schedule_id)
);
grant update, delete on report_schedule to {app};
create index report_schedule_due on report_schedule (next_at) where next_at is not null;

-- One mail for each schedule and period, whatever happens while it is sent: its Message-ID follows from both.
create table report_mail (
    seller_id   text        not null,
    schedule_id text        not null,
    period      text        not null,
    message_id  text        not null,
    attempts    integer     not null default 0,
    -- When the server took it; empty until then.
    sent_at     timestamptz,
    -- Why it was not sent the last time, or will not be.
    trouble     text,
    given_up_at timestamptz,
    primary key (seller_id, schedule_id, period)
);
grant update on report_mail to {app};
