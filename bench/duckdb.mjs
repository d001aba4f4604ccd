// DuckDB does the same: read, order within the customer, flow, variants, funnel.
//   node duckdb.mjs FILE THREADS [ANSWERS.json]
// Prints the milliseconds of each part as one line of JSON. The statements are the fastest
// of several ways tried (for the variants: list and sort; string_agg and an ordered list
// take twice as long).
import { writeFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [file, threads, answersFile] = process.argv.slice(2)
const steps = ['Ricerca sul web', 'Richiesta preventivo', 'Preventivo accettato', 'Consegna', 'Pagamento']
const quoted = (text) => `'${text.replaceAll("'", "''")}'`

const db = await DuckDBInstance.create(':memory:', { threads })
const connection = await db.connect()
const took = {}
async function run(part, sql) {
  const begun = performance.now()
  const reader = await connection.runAndReadAll(sql)
  took[part] = (took[part] ?? 0) + performance.now() - begun
  return reader.getRows()
}

await run('read_ms', `create table events as select * from read_csv(${quoted(file)}, header = true,
  delim = ',', columns = {customer: 'VARCHAR', time: 'TIMESTAMP', activity: 'VARCHAR', channel: 'VARCHAR'})`)
await run('read_ms', `create table ordered as select customer, activity, time,
  row_number() over w as position, lag(activity) over w as before, lag(time) over w as before_time
  from events window w as (partition by customer order by time, rowid)`)
const edges = await run('flow_ms', `select before, activity, count(*), avg(s), median(s), quantile_cont(s, 0.95)
  from (select before, activity, epoch(time) - epoch(before_time) s from ordered where before is not null)
  group by before, activity order by count(*) desc`)
await run('variants_ms', `create table variants as select variant, count(*) n from (
    select customer, list_transform(list_sort(list({p: position, a: activity})), lambda x: x.a) variant
    from ordered group by customer) group by variant`)
const total = await run('variants_ms', 'select count(*) from variants')
const variants = await run('variants_ms', 'select n, variant from variants order by n desc limit 20')

// Who reached step k: the first event of that activity behind the one that reached step k − 1.
const reach = steps.map((step, k) => k === 0
  ? `s0 as (select customer, min(position) p from ordered where activity = ${quoted(step)} group by customer)`
  : `s${k} as (select customer, min(o.position) p from ordered o join s${k - 1} using (customer)
       where activity = ${quoted(step)} and o.position > s${k - 1}.p group by customer)`)
const funnel = await run('funnel_ms', `with ${reach.join(',\n')}
  select ${steps.map((_, k) => `(select count(*) from s${k})`).join(', ')}`)

console.log(JSON.stringify(took))
if (answersFile) {
  const counts = await run('check', 'select count(*), count(distinct customer) from events')
  writeFileSync(answersFile, JSON.stringify({
    events: Number(counts[0][0]),
    traces: Number(counts[0][1]),
    edges: edges.map(([from, to, ...numbers]) => [from, to, ...numbers.map(Number)]),
    variant_total: Number(total[0][0]),
    variants: variants.map(([n, list]) => [Number(n), ...list.items]),
    funnel: funnel[0].map(Number),
  }))
}
