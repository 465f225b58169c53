#!/bin/sh
# Prints the role that may do all: postgres, or threadkeeper in a database that an earlier docker-compose.yml made.
if psql --username=postgres --dbname=postgres --command='' >/dev/null 2>&1; then echo postgres; else echo threadkeeper; fi
