/** What adoption knows of our tables beyond their catalogue. In the order of copying: what is referred to comes first. */
export interface OurTable {
  /** Column to the table that its ids are of; those of the table itself are filled in afterwards. */
  references: Readonly<Record<string, string>>
  /** Text by which source and copy are compared. */
  compared?: string
  /** Rows have an id of their own. */
  hasId: boolean
}

export const ourTables: Readonly<Record<string, OurTable>> = {
  projects: { references: {}, compared: 'name', hasId: true },
  consolidations: { references: { project_id: 'projects' }, hasId: true },
  memories: {
    references: { project_id: 'projects', consolidation_id: 'consolidations' },
    compared: 'content',
    hasId: true,
  },
  episodic_events: {
    references: { project_id: 'projects', consolidation_id: 'consolidations' },
    compared: 'content',
    hasId: true,
  },
  plans: { references: { project_id: 'projects', parent_id: 'plans' }, compared: 'name', hasId: true },
  decisions: {
    references: { project_id: 'projects', plan_id: 'plans', superseded_by: 'decisions' },
    compared: 'title',
    hasId: true,
  },
  code_symbols: { references: { project_id: 'projects' }, compared: 'name', hasId: true },
  tasks: {
    references: { project_id: 'projects', plan_id: 'plans', parent_id: 'tasks' },
    compared: 'title',
    hasId: true,
  },
  scenarios: { references: { project_id: 'projects', decision_id: 'decisions' }, compared: 'name', hasId: true },
  memory_links: {
    references: { project_id: 'projects', from_memory_id: 'memories', to_memory_id: 'memories' },
    hasId: false,
  },
  code_links: {
    references: { project_id: 'projects', from_symbol_id: 'code_symbols', to_symbol_id: 'code_symbols' },
    hasId: false,
  },
}

/** A table of pairs: the row that holds the ids, and what the ids are of. */
export interface LinkTable {
  own: string
  other: string
  refers: string
  /** The links have a kind, and two ends of the same table. */
  isDirected?: boolean
}

/** Link tables by the table whose source rows hold the ids. */
export const linkTables: Readonly<Record<string, Readonly<Record<string, LinkTable>>>> = {
  memories: { memory_links: { own: 'from_memory_id', other: 'to_memory_id', refers: 'memories', isDirected: true } },
  episodic_events: { memory_events: { own: 'event_id', other: 'memory_id', refers: 'memories' } },
  plans: { plan_memories: { own: 'plan_id', other: 'memory_id', refers: 'memories' } },
  tasks: {
    task_memories: { own: 'task_id', other: 'memory_id', refers: 'memories' },
    task_code_symbols: { own: 'task_id', other: 'code_symbol_id', refers: 'code_symbols' },
  },
  decisions: { decision_memories: { own: 'decision_id', other: 'memory_id', refers: 'memories' } },
  code_symbols: {
    code_symbol_memories: { own: 'code_symbol_id', other: 'memory_id', refers: 'memories' },
    code_links: { own: 'from_symbol_id', other: 'to_symbol_id', refers: 'code_symbols', isDirected: true },
  },
}

/** Tables with one row beside each row of another: `memory_access.usefulness` is a column that a memory's source may give. */
export const sideTables: Readonly<Record<string, string>> = { memory_access: 'memories' }

/** Optional texts that may not be empty here: an empty one says what null says. */
export const emptyIsNull: ReadonlySet<string> = new Set(['path', 'language', 'session_id', 'semantic_hash'])
