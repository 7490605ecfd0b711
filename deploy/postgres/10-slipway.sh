#!/bin/sh
# Run once by the postgres image: a login that owns its database and is no superuser.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$SLIPWAY_DATABASE_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
create role slipway login createrole password :'password';
create database slipway owner slipway;
SQL
