/** Node's own test runner: nothing to install, and it runs wherever `athena` does. */
export function testFile(name: string, table: string): string {
  return `// What was applied can be taken back and applied again, on an embedded database in memory: npm test
import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openEmbedded } from '@athena-pg/database'
import { apply, catalogue, discover, plan } from '@athena-pg/migrator'

const name = '${name}'
const project = dirname(dirname(fileURLToPath(import.meta.url)))
const packages = discover({ packages: [name], project })
let database

before(async () => {
  database = await openEmbedded()
})
after(() => database.close())

async function query(sql, values) {
  const client = await database.open('spec')
  return client.query(sql, values).finally(() => client.end())
}

async function migrate(target) {
  const client = await database.open('spec')
  const planned = await plan(client, packages, target).finally(() => client.end())
  return apply(database, planned)
}

/** Everything in the schema athena, as canonical text. */
async function snapshot() {
  const client = await database.open('spec')
  return catalogue(client).finally(() => client.end())
}

test('up, down and up again leave the same objects', async () => {
  const others = packages.map((each) => each.name).filter((each) => each !== name)
  await migrate({ direction: 'up', only: others })
  const without = await snapshot()
  await migrate({ direction: 'up' })
  const withIt = await snapshot()
  assert.notEqual(withIt, without)
  await migrate({ direction: 'down', to: 'zero', only: [name] })
  assert.equal(await snapshot(), without)
  await migrate({ direction: 'up' })
  assert.equal(await snapshot(), withIt)
})

test('the latest notes of a project come first, and no other project is seen', async () => {
  const ids = []
  for (const project of ['one', 'other']) {
    const { rows } = await query('INSERT INTO athena.projects (name) VALUES ($1) RETURNING id', [project])
    ids.push(rows[0].id)
  }
  for (const [id, body] of [[ids[0], 'first'], [ids[1], 'foreign'], [ids[0], 'second']]) {
    await query('INSERT INTO athena.${table} (project_id, body) VALUES ($1, $2)', [id, body])
  }
  const { rows } = await query('SELECT body FROM athena.latest_${table}($1)', [ids[0]])
  assert.deepEqual(rows.map(({ body }) => body), ['second', 'first'])
})
`
}
