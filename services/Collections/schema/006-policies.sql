-- How customers are asked to pay, version by version: what was in force when something was sent stays readable.
create table dunning_policy (
    seller_id    text        not null,
    policy_id    text        not null,
    version      integer     not null,
    body         jsonb       not null,
    -- The API key.
    made_by      uuid        not null,
    made_at      timestamptz not null,
    activated_at timestamptz,
    retired_at   timestamptz,
    primary key (seller_id, policy_id, version),
    check (retired_at is null or activated_at is not null)
);
-- One version of a policy is in force.
create unique index dunning_policy_in_force on dunning_policy (seller_id, policy_id) where activated_at is not null and retired_at is null;
grant update (activated_at, retired_at) on dunning_policy to {app};

-- A policy that was taken away; one that is put again under its id is there again.
create table dunning_policy_removed (
    seller_id  text        not null,
    policy_id  text        not null,
    version    integer     not null,
    removed_by uuid        not null,
    removed_at timestamptz not null,
    primary key (seller_id, policy_id, version)
);
