/**
 * Clients of EC2 services, one for each account: kept with their connections. The SDK asks for credentials before each request, and
 * is given those of the newest record, so that an operator may change them at any time.
 */
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { ProviderTarget } from '../../../../src/model/providers/target'
import type { HostTarget } from '../../driver'
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

/** `callMs`: how long one call may take. Opens nothing yet: the SDK is loaded when it is first needed (100 ms, 40 MB). */
export function openAccounts(callMs: number = CALL_MS): Accounts {
  const accounts = new Map<string, Account>()
  const clientFor = (host: HostTarget): EC2Client => {
    const provider = accountAt(host)
    const key = JSON.stringify([host.id, host.address, provider.region])
    const known = accounts.get(key)
    if (known) {
      known.provider = provider
      return known.client
    }
    const account: Account = { provider, client: connect(host, provider.region, () => account.provider) }
    accounts.set(key, account)
    return account.client
  }
  return {
    of: (host) => async (order) => {
      try {
        return await order(load(), clientFor(host), AbortSignal.timeout(callMs))
      } catch (thrown) {
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

function connect({ address }: HostTarget, region: string, provider: () => ProviderTarget): EC2Client {
  const { EC2Client } = load()
  return new EC2Client({
    region,
    endpoint: address,
    // What is not answered is asked again by the agenda, under the same key.
    maxAttempts: 1,
    credentials: async () => {
      const { account, secret } = provider().credentials()
      // Over at once: they are asked for again before each request.
      return { accessKeyId: account, secretAccessKey: secret, expiration: new Date() }
    },
  })
}
