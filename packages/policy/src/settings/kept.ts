/** Settings that are asked about and stay at PostgreSQL's default, with the reason. One that has a rule as well is kept where the rule has no value. */
export const kept: Readonly<Record<string, string>> = {
  fsync: 'Without it a crash of the machine may leave a database that cannot be repaired.',
  full_page_writes: 'Without it a page torn by a crash stays torn.',
  synchronous_commit:
    'Off loses what was committed in the last moments before a crash. A session that can bear it sets it for itself.',
  autovacuum: 'Dead rows fill tables and vector graphs, and transaction ids run out.',
  statement_timeout:
    'For the whole server it would end index builds, VACUUM by hand and dumps as well: set it for the role of the application.',
  lock_timeout:
    'For the whole server it would end maintenance that may wait: migrations set their own, applications by role.',
  transaction_timeout:
    'For the whole server it would end index builds and dumps: set it for the role of the application.',
  idle_session_timeout: 'It would cut connections that a pool keeps on purpose.',
  wal_level: '`replica`, the default, is what backups and replicas need; `minimal` forbids both.',
  wal_buffers: 'The default follows shared_buffers up to 16 MB, the size of a segment.',
  checkpoint_completion_target: '0.9, the default from 14 on, spreads the writes over nearly all the time there is.',
  superuser_reserved_connections: 'Three are enough to look into a full server.',
  temp_buffers: 'For temporary tables only, which the store does not use.',
  max_stack_depth: 'It has to fit the limit of the operating system, which only the machine knows.',
  dynamic_shared_memory_type: 'posix is what /dev/shm and its limit, docker shm_size, stand for.',
  commit_delay: 'Group commit happens by itself on a busy server.',
  bgwriter_lru_maxpages: 'Checkpoints spread over their time write most pages.',
  seq_page_cost: 'The unit in which all other costs are given.',
  plan_cache_mode:
    'Functions that search set force_custom_plan for themselves: a generic plan is wrong for small projects.',
  enable_seqscan: 'Switching plan types off for everybody mends one query and breaks others.',
  enable_partitionwise_join: 'Plans take longer and more memory per partition; searches touch one.',
  max_prepared_transactions:
    'A prepared transaction that nobody ends holds back vacuum for ever. Zero, the default, forbids them.',
  synchronous_standby_names: 'Waiting for a replica is a decision about what may be lost, not about speed.',
  logging_collector: 'Containers and systemd collect what is written to stderr.',
  log_connections: 'With a pool it says little; without one it is most of the log.',
  default_text_search_config:
    'Changing it changes what existing queries mean. The store names its configuration itself.',
  TimeZone: 'Changing it changes what applications see.',
  io_max_concurrency: 'The default is computed from shared_buffers and connections.',
  idle_replication_slot_timeout:
    'max_slot_wal_keep_size bounds the disk by what matters, bytes; a replica may be away over a weekend.',
  autovacuum_naptime: 'A minute, for each database, is short enough: what matters is when a table is due.',
  min_parallel_table_scan_size: 'For an exact scan of vectors lower it in the session that wants it.',
}
