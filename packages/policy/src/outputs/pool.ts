import { comment } from '../text/comment.ts'
import { head } from '../text/head.ts'
import type { Output } from './output.ts'

export const pool: Output = {
  name: 'pool',
  summary: "The pool of an application process, as environment of athena's client",
  render(recommendation, options) {
    const { application, pooler, usable, reason } = recommendation.pools
    const { processes, min, max } = application
    const total = processes * max
    const limit =
      pooler === undefined
        ? `${total} of the ${usable} connections that the server has for applications`
        : `${total} of the ${pooler.clients} clients that PgBouncer admits; its own pools are within the server's ${usable}`
    const lines = [
      ...head('Environment of the application', recommendation, options),
      '#',
      ...comment(reason),
      '',
      ...comment(
        `In each of ${processes} ${processes === 1 ? 'process' : 'processes'}: ${processes} x ${max} = ${limit}.`,
      ),
      `ATHENA_POSTGRES_MAX_SIZE=${max}`,
      ...comment(
        'Kept open while nothing happens, so that the first search after a pause does not wait for a connection.',
      ),
      `ATHENA_POSTGRES_MIN_SIZE=${min}`,
    ]
    return [{ name: 'pool.env', content: `${lines.join('\n')}\n` }]
  },
}
