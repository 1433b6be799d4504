// CPU time of one recommendation, `pnpm bench:tune`: the first in a fresh process, then the median and the spread of 500 more.
import { execFileSync } from 'node:child_process'
import { gatherFacts, profiles, recommend } from '@athena-pg/policy'

const limit = 5
const runs = 500

if (process.argv[2] === '--once')
  process.stdout.write(String(milliseconds(() => recommend(factsOf(process.argv[3] as string)))))
else report()

function report(): void {
  console.log(`CPU ms of recommend(); ${limit} is the most it may take`)
  console.log('profile      first   median      5 %     95 %')
  for (const { name } of profiles) {
    const facts = factsOf(name)
    const times = Array.from({ length: runs }, () => milliseconds(() => recommend(facts))).sort((a, b) => a - b)
    const at = (share: number) => times[Math.floor(share * (runs - 1))] ?? Number.NaN
    const figures = [first(name), at(0.5), at(0.05), at(0.95)].map((each) => each.toFixed(2).padStart(8))
    console.log(`${name.padEnd(10)} ${figures.join(' ')}`)
  }
}

/** The median of five fresh processes: nothing is compiled yet. */
function first(name: string): number {
  const times = Array.from({ length: 5 }, () =>
    Number(
      execFileSync(process.execPath, [...process.execArgv, import.meta.filename, '--once', name], { encoding: 'utf8' }),
    ),
  )
  return times.sort((a, b) => a - b)[2] ?? Number.NaN
}

function factsOf(name: string): Parameters<typeof recommend>[0] {
  const profile = profiles.find((each) => each.name === name)
  if (profile === undefined) throw new Error(`no profile ${name}`)
  return gatherFacts([{ origin: name, facts: { ...profile.facts, rows: 5_000_000 } }]).facts
}

function milliseconds(work: () => unknown): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
