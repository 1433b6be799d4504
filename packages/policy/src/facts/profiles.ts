import { GB } from '../units.ts'
import type { GivenFacts } from './given-facts.ts'

/** Sizes of the guide's sections 4 and 9. */
export interface Profile {
  readonly name: string
  /** One line for help. */
  readonly summary: string
  readonly facts: GivenFacts
}

const everywhere = {
  storage: 'ssd',
  postgres: 18,
  build: 'pgdg-docker',
  // As the image's own postgresql.conf says, which ours takes the place of.
  listen: '*',
  pgvector: '0.8.7',
  workload: 'agent-memory',
} as const satisfies GivenFacts

/** Active sessions follow by gatherFacts: 4 for each cpu where a pooler limits them. */
export const profiles: readonly Profile[] = [
  {
    name: 'small',
    summary: 'development: 2 cpus, 4 GB',
    facts: { ...everywhere, memory: 4 * GB, cpus: 2, connections: 40, pooled: false },
  },
  {
    name: 'medium',
    summary: 'production: 8 cpus, 16 GB',
    facts: { ...everywhere, memory: 16 * GB, cpus: 8, connections: 100, pooled: false },
  },
  {
    name: 'large',
    summary: 'production: 16 cpus, 64 GB, pooled',
    facts: { ...everywhere, memory: 64 * GB, cpus: 16, pooled: true },
  },
  {
    name: 'xlarge',
    summary: 'one large server: 32 cpus, 128 GB, pooled',
    facts: { ...everywhere, storage: 'nvme', memory: 128 * GB, cpus: 32, pooled: true },
  },
]
