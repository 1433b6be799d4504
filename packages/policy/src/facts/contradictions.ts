import { sizeText } from '../text/size-text.ts'
import { mostDimensions } from '../vectors/embedding-type.ts'
import { lacksHalfvec } from '../vectors/pgvector-faults.ts'
import type { ToldFacts } from './default-facts.ts'
import type { FactFault } from './fact-fault.ts'

/** Facts that are possible each, and not together. Pools that do not fit the connections are for advisePools to refuse. */
export function contradictions(told: ToldFacts): FactFault[] {
  return [...sharedMemory(told), ...sessions(told), ...embeddings(told), ...tls(told)]
}

function* sharedMemory({ memory, sharedMemory }: ToldFacts): Generator<FactFault> {
  if (sharedMemory === undefined || sharedMemory <= memory) return
  yield {
    names: ['sharedMemory', 'memory'],
    fault: `sharedMemory ${sizeText(sharedMemory)} is more than memory ${sizeText(memory)}`,
    hint: 'What is in /dev/shm counts as memory: lower sharedMemory.',
  }
}

function* sessions({ active, connections }: ToldFacts): Generator<FactFault> {
  if (active <= connections) return
  yield {
    names: ['active', 'connections'],
    fault: `active ${active} is more than connections ${connections}`,
    hint: `Lower active to ${connections}, or raise connections.`,
  }
}

function* embeddings(told: ToldFacts): Generator<FactFault> {
  const { dimensions, embeddingType, pgvector } = told
  const most = mostDimensions[embeddingType]
  if (dimensions > most) {
    yield {
      names: ['dimensions', 'embeddingType'],
      fault: `${embeddingType} of ${dimensions} dimensions: pgvector indexes at most ${most}`,
      hint:
        dimensions <= mostDimensions.halfvec
          ? 'Take embeddingType halfvec.'
          : 'Take embeddingType bit (binary quantization), or a model with fewer dimensions.',
    }
  }
  if (embeddingType !== 'vector' && lacksHalfvec(pgvector)) {
    yield {
      names: ['pgvector', 'embeddingType'],
      fault: `pgvector ${pgvector} cannot index ${embeddingType}`,
      hint: 'halfvec and indexes of bit came with 0.7.0: upgrade, or take embeddingType vector.',
    }
  }
}

function* tls({ tlsCertificate, tlsKey, tlsAuthority }: ToldFacts): Generator<FactFault> {
  if ((tlsCertificate === undefined) !== (tlsKey === undefined)) {
    const [there, lacks] = tlsKey === undefined ? ['tlsCertificate', 'tlsKey'] : ['tlsKey', 'tlsCertificate']
    yield {
      names: ['tlsCertificate', 'tlsKey'],
      fault: `${there} is given without ${lacks}`,
      hint: 'TLS needs both: the certificate and its key.',
    }
  } else if (tlsAuthority !== undefined && tlsKey === undefined) {
    yield {
      names: ['tlsAuthority', 'tlsCertificate', 'tlsKey'],
      fault: 'tlsAuthority is given without tlsCertificate and tlsKey',
      hint: 'Certificates of clients are checked over TLS only: give the server a certificate and its key.',
    }
  }
}
