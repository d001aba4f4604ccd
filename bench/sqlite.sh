#!/bin/sh
# SQLite does the same: read, order within the customer, flow, variants, funnel.
#   sqlite.sh FILE ANSWERS
# Prints each part's milliseconds as NAME MS; writes the answers as SQLite lists them, one
# section after the other. It has no percentiles: they are made from ranks.
set -eu
file=$1 answers=$2
now() { date +%s%N; }
database=$(mktemp -u "${TMPDIR:-/tmp}/viaggio-bench-XXXXXX.sqlite")
trap 'rm -f "$database" "$database"-*' EXIT
part() { # NAME, statements on standard input
    begun=$(now)
    { echo "pragma temp_store = memory; pragma cache_size = -4000000;"; cat; } | sqlite3 -batch "$database"
    echo "$1 $((($(now) - begun) / 1000000))" >&3
}

part read >/dev/null <<SQL
pragma journal_mode = off; pragma synchronous = off;
create table raw (customer text, time text, activity text, channel text);
.mode csv
.import --skip 1 $file raw
create table ordered as select customer, activity, unixepoch(time) as time,
  row_number() over w as position, lag(activity) over w as before,
  unixepoch(time) - unixepoch(lag(time) over w) as s
  from raw window w as (partition by customer order by time, rowid);
SQL
part flow >"$answers" <<SQL
.mode list
.separator |
create temp table ranked as select before, activity, s,
  row_number() over (partition by before, activity order by s) - 1 as rank,
  count(*) over (partition by before, activity) as n from ordered where before is not null;
select 'edge', before, activity, n, avg(s),
  avg(case when rank in ((n - 1) / 2, n / 2) then s end),
  sum(case when rank = cast((n - 1) * 0.95 as int) then s * (1 - ((n - 1) * 0.95 - cast((n - 1) * 0.95 as int)))
           when rank = cast((n - 1) * 0.95 as int) + 1 then s * ((n - 1) * 0.95 - cast((n - 1) * 0.95 as int))
           else 0 end)
  from ranked group by before, activity;
SQL
part variants >>"$answers" <<SQL
.mode list
.separator |
create temp table variants as select variant, count(*) n from (
  select customer, group_concat(activity, '>') variant from
    (select customer, activity from ordered order by customer, position) group by customer) group by variant;
select 'variant_total', count(*) from variants;
select 'variant', n, variant from variants order by n desc limit 20;
SQL
part funnel >>"$answers" <<SQL
.mode list
.separator |
create temp table s0 as select customer, min(position) p from ordered where activity = 'Ricerca sul web' group by customer;
create temp table s1 as select customer, min(position) p from ordered join s0 using (customer)
  where activity = 'Richiesta preventivo' and position > s0.p group by customer;
create temp table s2 as select customer, min(position) p from ordered join s1 using (customer)
  where activity = 'Preventivo accettato' and position > s1.p group by customer;
create temp table s3 as select customer, min(position) p from ordered join s2 using (customer)
  where activity = 'Consegna' and position > s2.p group by customer;
create temp table s4 as select customer, min(position) p from ordered join s3 using (customer)
  where activity = 'Pagamento' and position > s3.p group by customer;
select 'funnel', (select count(*) from s0), (select count(*) from s1), (select count(*) from s2),
  (select count(*) from s3), (select count(*) from s4);
SQL
