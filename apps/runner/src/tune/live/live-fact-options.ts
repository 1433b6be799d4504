import { factOptions } from '../options.ts'

const { 'from-server': _, ...told } = factOptions

/** Flags for facts of a command that asks the live server anyway. */
export const liveFactOptions: Omit<typeof factOptions, 'from-server'> = told

export const liveFactDetails =
  'What the server does not tell (its memory, to a plain role) is told by flags, a profile, or "server" in athena.config.json; a fact that is told counts before what the server says.'
