import { status } from '@athena-pg/migrator'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config.ts'
import { packagesOf } from '../migrations.ts'

export const command = defineCommand({
  summary: 'Say what is applied, pending and changed; exit 1 where an applied file was changed',
  options: {},
  async run(context) {
    const { json, print, talk } = context
    const packages = packagesOf(loadConfig(context))
    const database = await context.openDatabase()
    const client = await database.open('migrate status')
    const state = await status(client, packages).finally(() => client.end())
    const isBehind =
      state.pending.length + state.changed.length > 0 || state.functions.some((each) => each.state !== 'applied')
    const exit = state.changed.length > 0 ? 1 : 0
    if (json) {
      print(
        JSON.stringify({
          applied: state.applied.map(({ package: name, file, checksum, appliedAt }) => ({
            package: name,
            file,
            checksum,
            appliedAt,
          })),
          pending: state.pending.map(({ package: name, name: file, checksum }) => ({ package: name, file, checksum })),
          changed: state.changed.map(({ package: name, file, checksum, appliedChecksum }) => ({
            package: name,
            file,
            checksum: checksum ?? null,
            appliedChecksum,
          })),
          functions: state.functions.map(({ package: name, name: file, state: is, applied, file: source }) => ({
            package: name,
            file,
            state: is,
            checksum: source?.checksum ?? null,
            appliedAt: applied?.appliedAt ?? null,
          })),
        }),
      )
      return exit
    }
    for (const row of state.applied) print(`applied  ${row.package}/${row.file}  ${row.appliedAt.toISOString()}`)
    for (const file of state.pending) print(`pending  ${file.package}/${file.name}`)
    for (const file of state.changed)
      print(
        `changed  ${file.package}/${file.file}: applied with checksum ${file.appliedChecksum}, now ${file.checksum ?? 'gone'}`,
      )
    for (const each of state.functions) print(`${each.state.padEnd(8)} function ${each.package}/${each.name}`)
    talk(isBehind ? 'next: athena migrate up' : 'everything is applied')
    return exit
  },
})
