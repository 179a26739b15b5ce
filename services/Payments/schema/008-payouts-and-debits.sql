-- A payout that failed is the provider's again. Where the bank had shown it, what it takes back is announced in its turn; where it had not,
-- both are failed, and the bank may still show both.
alter table payout drop constraint payout_state_check;
alter table payout add constraint payout_state_check check (state in ('announced', 'arrived', 'failed'));
-- Why it failed, in the provider's code.
alter table payout add column reason text;
drop index payout_announced;
create index payout_announced on payout (seller_id, currency, amount) where state in ('announced', 'failed');
grant update (reason) on payout to {app};

-- How often a refund may have left for its provider: what never left is asked for as if for the first time.
alter table refund add column asks integer not null default 0;
update refund set asks = looks;
grant update (asks) on refund to {app};

-- A debit that no line of the bank has answered by the end of the time for returns is unanswered: nothing of it is in flight any more, and
-- nobody collects its invoice anew until somebody says what became of it.
alter table debit drop constraint debit_state_check;
alter table debit add constraint debit_state_check check (state in ('submitted', 'collected', 'returned', 'cancelled', 'unanswered'));
-- What it waits for, and the day on which that is looked at next; both absent once its outcome is known.
alter table debit add column waits_for text;
alter table debit add column next_check_on date;
update debit d set waits_for = 'collection-day', next_check_on = b.collect_on
from debit_batch b where b.seller_id = d.seller_id and b.batch_id = d.batch_id and d.state = 'submitted';
alter table debit add constraint debit_under_way_has_a_next_check
    check (state <> 'submitted' or (waits_for is not null and next_check_on is not null));
alter table debit add constraint debit_unanswered_has_a_reason check (state <> 'unanswered' or waits_for is not null);
drop index debit_under_way;
create unique index debit_under_way on debit (seller_id, invoice_id) where state in ('submitted', 'unanswered');
create index debit_to_check on debit (next_check_on) where next_check_on is not null;
create index debit_unanswered on debit (seller_id, batch_id) where state = 'unanswered';
grant update (waits_for, next_check_on) on debit to {app};
