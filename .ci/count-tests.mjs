// count-tests.mjs REPORT: prints `<passed> <failed>` of vitest's JSON report; fails when not one test was executed.
import { readFileSync } from 'node:fs'

const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
if (!(passed + failed > 0)) {
  console.error('error: no test was executed')
  process.exit(1)
}
console.log(passed, failed)
