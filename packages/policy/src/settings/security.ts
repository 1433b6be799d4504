import type { SettingRule } from './setting-rule.ts'

const sslPage = 'PostgreSQL: Connections and Authentication, SSL'

export const security: readonly SettingRule[] = [
  {
    name: 'password_encryption',
    value: () => 'scram-sha-256',
    reason: () =>
      'New passwords are kept as SCRAM secrets; md5 hashes can be replayed and are on their way out of PostgreSQL.',
    source: { kind: 'documentation', text: 'PostgreSQL: Connections and Authentication, password_encryption' },
  },
  {
    name: 'ssl',
    value: ({ tls }) => (tls === undefined ? undefined : true),
    reason: () => 'A certificate was named; pg_hba.conf says with hostssl who has to use it.',
    source: { kind: 'documentation', text: sslPage },
  },
  {
    name: 'ssl_cert_file',
    value: ({ tls }) => tls?.certificate,
    reason: () => 'As told. A path on the server.',
    source: { kind: 'documentation', text: sslPage },
  },
  {
    name: 'ssl_key_file',
    value: ({ tls }) => tls?.key,
    reason: () => "As told. Readable by the server's user alone, or the server does not start.",
    source: { kind: 'documentation', text: sslPage },
  },
  {
    name: 'ssl_ca_file',
    value: ({ tls }) => tls?.authority,
    reason: () => 'As told. Needed only where clients show certificates of their own.',
    source: { kind: 'documentation', text: sslPage },
  },
  {
    name: 'ssl_min_protocol_version',
    value: ({ tls }) => (tls === undefined ? undefined : 'TLSv1.2'),
    reason: () => 'Older protocols are broken. Every driver of the last ten years speaks 1.2.',
    source: { kind: 'documentation', text: sslPage },
  },
]
