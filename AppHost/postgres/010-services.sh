#!/bin/bash
# A login, a narrow role and a database for each service. The container's entrypoint runs or sources this on an empty data directory;
# the local engine runs it at every start. It creates what is absent and sets the passwords, so it may be run again at any time: a later
# version may bring a service that an older database server does not know.
# The services are those whose password is given as <SERVICE>_PASSWORD.
for variable in $(compgen -A variable | grep -E '^(INVOICING|DELIVERY|PAYMENTS|COLLECTIONS|REPORTING|PORTAL)_PASSWORD$'); do
  service=$(printf '%s' "${variable%_PASSWORD}" | tr '[:upper:]' '[:lower:]')
  # The password goes through the environment: a command line can be read by every user of the machine.
  SERVICE_PASSWORD="${!variable}" psql -X -q -v ON_ERROR_STOP=1 -v service="$service" \
    --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-postgres}" <<'SQL' ||
\getenv password SERVICE_PASSWORD
select format('create role %I nologin', :'service' || '_app')
  where not exists (select from pg_roles where rolname = :'service' || '_app') \gexec
select format('create role %I login', :'service')
  where not exists (select from pg_roles where rolname = :'service') \gexec
select format('alter role %I password %L', :'service', :'password') \gexec
select format('grant %I to %I', :'service' || '_app', :'service') \gexec
select format('create database %I owner %I', :'service' || 'db', :'service')
  where not exists (select from pg_database where datname = :'service' || 'db') \gexec
select format('alter database %I owner to %I', :'service' || 'db', :'service') \gexec
select format('revoke connect, temporary on database %I from public', :'service' || 'db') \gexec
SQL
    { echo "The database of $service could not be set up." >&2; return 1 2>/dev/null || exit 1; }
done
