import type { Options } from '../command.ts'

/** What `athena tune prove` takes beside facts. */
export const proveOptions = {
  file: { type: 'string', value: 'FILE', description: 'A postgresql.conf to prove, in place of our recommendation' },
  'postgres-bin': {
    type: 'string',
    multiple: true,
    value: 'FOLDER',
    description: 'With postgres and initdb in it, in place of those that are found; may be repeated',
  },
  docker: {
    type: 'string',
    multiple: true,
    value: 'IMAGE',
    description: 'The PostgreSQL of an image, in place of those that are found; may be repeated',
  },
} as const satisfies Options
