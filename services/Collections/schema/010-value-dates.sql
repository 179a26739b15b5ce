-- When the money of a change was received, where Payments says it, and the corrective invoice of this very invoice that gave its credit.
alter table receivable
    add column balance_received_at           timestamptz,
    add column balance_corrective_invoice_id uuid;
alter table receivable_change
    add column received_at           timestamptz,
    add column corrective_invoice_id uuid;

-- Something was told of the invoice that may have happened in time: the promise is judged again.
alter table promise add column judge_again boolean not null default false;
grant update (judge_again) on promise to {app};
create index promise_to_judge_again on promise (date) where judge_again;
