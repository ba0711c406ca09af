/** A host's record as its driver is given it. Of a provider the secret stays sealed until the driver asks for it. */
import { asFault, fault } from '../../src/faults'
import type { ProviderWish } from '../../src/model/providers/record'
import type { ProviderTarget } from '../../src/model/providers/target'
import type { HostRecord } from '../../src/model/records'
import type { HostTarget } from '../drivers/driver'
import type { Work } from './work'

type Unseals = Pick<Work, 'unseal'>

export const targetOf = (work: Unseals, { id, wish }: HostRecord): HostTarget => {
  const { name, address, hostKeys, provider } = wish
  return {
    id,
    name,
    address,
    ...(hostKeys === undefined ? {} : { hostKeys }),
    ...(provider === undefined ? {} : { provider: accountOf(work, id, provider) }),
  }
}

const accountOf = (work: Unseals, id: string, wish: ProviderWish): ProviderTarget => {
  const { region, account, settings, types, limits, images, allowed, currency } = wish
  return {
    region,
    settings,
    types,
    limits,
    images,
    currency,
    ...(allowed === undefined ? {} : { allowed }),
    credentials: () => ({ account, secret: opened(work, id, wish) }),
  }
}

function opened({ unseal }: Unseals, id: string, { secret }: ProviderWish): string {
  try {
    return unseal(id, secret)
  } catch (thrown) {
    const { kind } = asFault(thrown)
    if (kind !== 'unavailable') throw thrown
    throw fault('unavailable', "the worker cannot open the provider's credentials: it has not the key ring of the site")
  }
}
