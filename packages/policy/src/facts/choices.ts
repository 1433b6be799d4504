import type { EmbeddingType, PostgresVersion, Storage, WorkloadKind } from './server-facts.ts'

export const versions: readonly PostgresVersion[] = [14, 15, 16, 17, 18]
export const storages: readonly Storage[] = ['hdd', 'ssd', 'nvme', 'network']
export const workloadKinds: readonly WorkloadKind[] = ['agent-memory', 'web', 'oltp', 'dw', 'mixed', 'desktop']
export const embeddingTypes: readonly EmbeddingType[] = ['vector', 'halfvec', 'bit']
