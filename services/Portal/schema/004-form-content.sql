-- Of what the form said: a form that says something else is no repetition.
alter table form_once add column content bytea not null default ''::bytea;
-- A secret that the answer showed, sealed: for the second of two clicks, and gone two minutes later.
alter table form_once add column told bytea;
create index on form_once (taken_at) where told is not null;
