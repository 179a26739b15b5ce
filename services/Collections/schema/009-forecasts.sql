-- One forecast a seller and day, however many instances there are.
create table forecast_run (
    seller_id text        not null,
    as_of     date        not null,
    made_at   timestamptz not null,
    -- Expected money by currency and day.
    days      jsonb       not null,
    primary key (seller_id, as_of)
);

-- Of each open invoice the forecast of one day a week, kept to be held against what happened.
create table forecast_score (
    seller_id     text       not null,
    invoice_id    uuid       not null,
    made_on       date       not null,
    -- Days from made_on by which the invoice is paid with a chance of 1/40, 2/40 … 39/40; beyond what is looked at, 32767.
    quantile_days smallint[] not null,
    -- The interval that was told, in days from made_on; to_day is absent where it had no end.
    from_day      smallint   not null,
    to_day        smallint,
    primary key (seller_id, invoice_id, made_on)
);
grant delete on forecast_score to {app};
create index forecast_score_by_day on forecast_score (seller_id, made_on);

-- Which levels of a seller's curves held one invoice in ten below and one in ten above, and how the told intervals did.
create table forecast_calibration (
    seller_id text        not null primary key,
    lower     real        not null,
    upper     real        not null,
    outcomes  integer     not null,
    told      integer     not null,
    held      integer     not null,
    made_at   timestamptz not null,
    check (lower between 0 and 1 and upper between 0 and 1)
);
grant update on forecast_calibration to {app};
