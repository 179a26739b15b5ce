#!/bin/bash
# What sellers' own tools need in Reporting's database; beside 010-services.sh, and like it run again at any time.
if [ -n "$REPORTING_PASSWORD" ]; then
  psql -X -q -v ON_ERROR_STOP=1 --single-transaction --username "${POSTGRES_USER:-postgres}" --dbname reportingdb \
    -f "$(dirname "${BASH_SOURCE[0]}")/reporting-bi.psql" ||
    { echo "Sellers' logins to reports could not be set up." >&2; return 1 2>/dev/null || exit 1; }
fi
