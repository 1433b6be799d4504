// A child process of the specs: at a given time takes the lock of a folder, says what came of it, and holds it until it is told
// to end.
import { lockFolder } from '../src/folder-lock.ts'

const [file, start] = process.argv.slice(2) as [string, string | undefined]
while (Date.now() < Number(start ?? 0)) {}
const lock = lockFolder(file)
process.stdout.write(`${'release' in lock ? 'held' : lock.pid}\n`)
process.stdin.on('data', () => {
  if ('release' in lock) lock.release()
  process.exit()
})
