-- What an operator reads of a hold in Spanish, why it was lifted, what it was placed for ("position code"), and what the tax agency
-- said it has last.
alter table fiscal_hold add column detail_es text;
alter table fiscal_hold add column lifted_reason text;
alter table fiscal_hold add column findings text[] not null default '{}';
alter table fiscal_hold add column agency_number text;
alter table fiscal_hold add column agency_issue_date date;
alter table fiscal_hold add column agency_fingerprint text;
alter table fiscal_hold add column agency_recorded_at timestamptz;
create index fiscal_hold_of_chain on fiscal_hold (tax_id, environment, installation);

-- Up to where an operator let a series be when a hold was lifted: numbers below it may have no invoice here.
alter table number_series add column lifted_to bigint not null default 0;

-- The record that an operator let a chain go on from: the tax agency's last one where this database has lost it, or our own whose row
-- is damaged. For ever, so that years later the place is told from a broken one.
create table adopted_record (
    tax_id       text        not null,
    environment  text        not null,
    installation text        not null,
    position     bigint      not null,
    number       text        not null,
    issue_date   date        not null,
    fingerprint  text        not null,
    recorded_at  timestamptz not null,
    source       text        not null check (source in ('agency', 'own')),
    hold_id      uuid        not null references fiscal_hold,
    adopted_at   timestamptz not null,
    primary key (tax_id, environment, installation, position)
);
