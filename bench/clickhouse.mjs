// ClickHouse (chdb, in the process) does the same: read, order within the customer, flow,
// variants, funnel.
//   node clickhouse.mjs FILE THREADS [ANSWERS.json]
// Prints the milliseconds of each part as one line of JSON. The statements are the fastest
// of several ways tried: a journey is a pair of arrays, made while the file is read. (A
// table of events first, in memory or as a MergeTree by customer and time, takes a fifth to
// a half longer in all.)
import { writeFileSync } from 'node:fs'
import { Session } from 'chdb'

const [file, threads, answersFile] = process.argv.slice(2)
const steps = ['Ricerca sul web', 'Richiesta preventivo', 'Preventivo accettato', 'Consegna', 'Pagamento']
const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const session = new Session()
session.query(`set max_threads = ${Number(threads)}`)
const took = {}
function run(part, sql) {
  const begun = performance.now()
  const out = session.query(sql, 'JSONCompact')
  took[part] = (took[part] ?? 0) + performance.now() - begun
  return out ? JSON.parse(out).data : []
}

run('read_ms', `create table journeys engine = Memory as
  select arraySort(groupArray((time, activity))) as events, events.1 as times, events.2 as activities
  from file(${quoted(file)}, 'CSVWithNames', 'customer String, time DateTime(\\'UTC\\'),
    activity LowCardinality(String), channel LowCardinality(String)')
  group by customer`)
const edges = run('flow_ms', `select a, b, count(), avg(s), quantilesExactInclusive(0.5, 0.95)(s)
  from (select arrayPopBack(activities) as a, arrayPopFront(activities) as b,
      arrayPopFront(arrayDifference(arrayMap(t -> toInt64(t), times))) as s from journeys)
  array join a, b, s group by a, b`)
run('variants_ms', `create table variants engine = Memory as
  select activities, count() as n from journeys group by activities`)
const total = run('variants_ms', 'select count() from variants')
const variants = run('variants_ms', 'select n, activities from variants order by n desc limit 20')

// Where step k was reached: the first event of that activity behind the one that reached step k − 1.
const place = steps.map((step, k) => k === 0
  ? `indexOf(activities, ${quoted(step)}) as p0`
  : `indexOf(arraySlice(activities, p${k - 1} + 1), ${quoted(step)}) as q${k},
     if(p${k - 1} = 0 or q${k} = 0, 0, p${k - 1} + q${k}) as p${k}`)
const funnel = run('funnel_ms', `select ${steps.map((_, k) => `countIf(p${k} > 0)`).join(', ')}
  from (select ${place.join(',\n')} from journeys)`)

console.log(JSON.stringify(took))
if (answersFile) {
  const counts = run('check', 'select sum(length(activities)), count() from journeys')
  writeFileSync(answersFile, JSON.stringify({
    events: Number(counts[0][0]),
    traces: Number(counts[0][1]),
    edges: edges.map(([from, to, n, mean, [median, p95]]) => [from, to, ...[n, mean, median, p95].map(Number)]),
    variant_total: Number(total[0][0]),
    variants: variants.map(([n, activities]) => [Number(n), ...activities]),
    funnel: funnel[0].map(Number),
  }))
}
session.close()
