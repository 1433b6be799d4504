import type { PlanEvents } from '../src/index.ts'

/** Every boundary that a run passes; at the given one, counted from 1, the process kills itself (SIGKILL). */
export function boundaries(at: number): { events: PlanEvents; passed(): number } {
  let passed = 0
  const boundary = () => {
    passed += 1
    if (passed === at) process.kill(process.pid, 'SIGKILL')
  }
  const events: PlanEvents = {
    planned: boundary,
    started: boundary,
    resumed: boundary,
    progress: ({ phase }) => phase === '' && boundary(),
    applied: boundary,
  }
  return { events, passed: () => passed }
}
