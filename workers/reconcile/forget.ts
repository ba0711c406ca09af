import type { Claim } from '../../src/store/store'
import { across, type Next, type Work } from './work'

/** What `change` and `forget` set free: a field of one of the store's name spaces. */
type Release = { readonly hash: string; readonly field: string }

/** The end of a record: what only it had is free with it. Where somebody claimed it since, it comes again at once. */
export async function forget(work: Work, claim: Claim, releases: readonly Release[]): Promise<Next> {
  const now = work.clock.now()
  const forgotten = await across(work, 'forget', claim.ref, () => work.store.forget(claim, releases, now))
  return forgotten ? 'forgotten' : { at: now }
}

/** The same of one that has nothing for itself but this name. */
export const forgetNamed = (work: Work, claim: Claim, name: string): Promise<Next> =>
  forget(work, claim, [{ hash: 'names', field: name }])
