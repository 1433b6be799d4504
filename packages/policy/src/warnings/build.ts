import type { Capabilities } from '../facts/server-facts.ts'
import type { Warning } from '../recommendation.ts'
import { sizeText } from '../text/size-text.ts'
import { GB } from '../units.ts'
import type { Warn } from './warn.ts'

/** What may be better than it is, for all that was told. */
export const warnOfBuild: Warn = ({ facts }) => {
  const warnings: Warning[] = []
  if (isBarest(facts.postgres.capabilities)) {
    warnings.push({
      code: 'build_unknown',
      message:
        'nobody told what this build of PostgreSQL accepts, or it is the barest: no lz4, no zstd, no libraries to preload',
      hint: 'Name the build, or detect it from the running server: the same version differs between builds.',
    })
  }
  if (facts.memory < GB) {
    warnings.push({
      code: 'memory_below_1gb',
      message: `${sizeText(facts.memory)} of memory are good for trying things out`,
      hint: 'Have 2 GB at least for a store that people rely on.',
    })
  }
  if (facts.tls === undefined && facts.listen !== undefined && !isOwnMachine(facts.listen)) {
    warnings.push({
      code: 'tls_not_told',
      message: `the server listens on ${facts.listen} without a certificate: connections are not encrypted`,
      hint: 'Tell the paths of a certificate and its key, or keep the server on a network of its own.',
    })
  }
  return warnings
}

function isBarest({ walCompression, toastCompression, libraries }: Capabilities): boolean {
  const plain = (values: readonly string[]) => values.every((value) => value === 'pglz')
  return plain(walCompression) && plain(toastCompression) && libraries.length === 0
}

function isOwnMachine(listen: string): boolean {
  return listen.split(',').every((address) => ['localhost', '127.0.0.1', '::1'].includes(address.trim().toLowerCase()))
}
