/**
 * Clients of EC2 services, one for each account: kept with their connections. The SDK asks for credentials before each request, and
 * is given those of the newest record, so that an operator may change them at any time.
 */
import type { EC2Client } from '@aws-sdk/client-ec2'
import { fault } from '../../../../src/faults'
import type { ProviderTarget } from '../../../../src/model/providers/target'
import type { HostTarget } from '../../driver'
import { MOST_BYTES } from '../http'
import { accountAt } from '../probe'
import { ec2Fault } from './faults'

type Sdk = typeof import('@aws-sdk/client-ec2')

/** ms that a call may take. */
const CALL_MS = 15_000

/** Sends one command's input. Faults: those of ec2Fault. */
export type Call = <T>(order: (sdk: Sdk, client: EC2Client, signal: AbortSignal) => Promise<T>) => Promise<T>

interface Account {
  readonly client: EC2Client
  provider: ProviderTarget
}

export interface Accounts {
  of(host: HostTarget): Call
  close(): void
}

/**
 * `callMs`: how long one call may take; `mostBytes`: of an answer. Opens nothing yet: the SDK is loaded when it is first needed (100 ms,
 * 40 MB).
 */
export function openAccounts(callMs: number = CALL_MS, mostBytes: number = MOST_BYTES): Accounts {
  const accounts = new Map<string, Account>()
  const clientFor = (host: HostTarget): EC2Client => {
    const provider = accountAt(host)
    const key = JSON.stringify([host.id, host.address, provider.region])
    const known = accounts.get(key)
    if (known) {
      known.provider = provider
      return known.client
    }
    const account: Account = { provider, client: connect(host, provider.region, () => account.provider, mostBytes) }
    accounts.set(key, account)
    return account.client
  }
  return {
    of: (host) => async (order) => {
      try {
        return await order(load(), clientFor(host), AbortSignal.timeout(callMs))
      } catch (thrown) {
        if (thrown instanceof TooLong) throw fault('unreachable', 'its provider answers with more than can be read')
        throw ec2Fault(thrown)
      }
    },
    close() {
      for (const { client } of accounts.values()) client.destroy()
      accounts.clear()
    },
  }
}

const load = (): Sdk => require('@aws-sdk/client-ec2') as Sdk

function connect(
  { address }: HostTarget,
  region: string,
  provider: () => ProviderTarget,
  mostBytes: number,
): EC2Client {
  const { EC2Client } = load()
  return new EC2Client({
    region,
    endpoint: address,
    // What is not answered is asked again by the agenda, under the same key.
    maxAttempts: 1,
    streamCollector: (body: AsyncIterable<Uint8Array>) => collected(body, mostBytes),
    credentials: async () => {
      const { account, secret } = provider().credentials()
      // Over at once: they are asked for again before each request.
      return { accessKeyId: account, secretAccessKey: secret, expiration: new Date() }
    },
  })
}

/** What was asked for may be done. The SDK adds words of its own to whatever its collector throws, so that it is no fault yet. */
class TooLong extends Error {}

/** An answer's body; the SDK's own collector reads whatever comes. Throws TooLong. */
async function collected(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new TooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
