-- Who of the operator kept a rate, when, why and what it said; only added to.
create table interest_rate_act (
    act_id                uuid         not null primary key,
    half_year             date         not null,
    main_refinancing_rate numeric(6,3) not null,
    source                text         not null,
    -- As whoever held the admin key says.
    by_name               text         not null,
    why                   text,
    at                    timestamptz  not null
);
create index interest_rate_act_by_half_year on interest_rate_act (half_year, at);
