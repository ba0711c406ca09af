/**
 * The job of a host check: asks the driver once, writes what it found, and forgets it after an hour. It knows no host record: the
 * host that it looks at may never join.
 */
import { asFault, fault } from '../../../src/faults'
import type { HostId } from '../../../src/model/ids'
import { formatAmount } from '../../../src/model/providers/money'
import type { HostCheckSeen, HostCheckWish, HostRecord } from '../../../src/model/records'
import type { HostFinding, HostFindings, HostTarget } from '../../drivers/driver'
import { KEPT_MS } from '../backoff'
import { targetOf } from '../target'
import { within } from '../within'
import { across, type Work } from '../work'
import { writeSeen } from '../write-seen'

const CHECK_MS = 120_000

export async function reconcileHostCheck(work: Work, id: string): Promise<void> {
  const ref = { kind: 'hostcheck', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('hostcheck', id, work.clock.now()))
  if (!claim) return
  const { wish, seen } = claim.record
  const end = wish.createdAt + KEPT_MS
  if (work.clock.now() >= end) {
    await across(work, 'forget', ref, () => work.store.forget(claim, [], work.clock.now()))
    return
  }
  if (seen === null) {
    const found = await across(work, 'look', ref, () => look(work, wish))
    const now = work.clock.now()
    const next: HostCheckSeen = { at: now, ...found }
    await writeSeen(work, claim, next, 'host-checked')
    work.log.info({ host: wish.name, fit: found.fit, findings: found.findings.length }, 'host checked')
  }
  await across(work, 'settle', ref, () => work.store.settle(claim, end, work.clock.now()))
}

/** A driver that cannot be asked has found that. */
async function look(work: Work, wish: HostCheckWish): Promise<HostFindings> {
  const { driver, mends } = wish
  try {
    const host = await accountOf(work, wish)
    const target = host ? targetOf(work, host) : hostAt(wish)
    const asked = work.driver(driver)
    if (!asked.check) return joins(`any host of the driver ${driver} can join`)
    const found = await within(asked.check(target, mends ? 'mends' : 'looks'), CHECK_MS)
    return host ? { ...found, findings: [...found.findings, ...strayFindings(host)] } : found
  } catch (thrown) {
    const { kind, message } = asFault(thrown)
    if (kind === 'internal') throw thrown
    return { findings: [{ what: 'driver', verdict: 'missing', detail: message, mend: null }], hostKeys: [], fit: false }
  }
}

/** A host that may never join is known by its address alone; a provider by its record. */
const hostAt = ({ name, address, hostKeys }: HostCheckWish): HostTarget => ({
  id: '' as HostId,
  name,
  address,
  hostKeys,
})

/** Undefined: a host of the operator's own. Fault: 'refused' for a provider that was removed. */
async function accountOf(work: Work, { name, provider }: HostCheckWish): Promise<HostRecord | undefined> {
  if (provider === undefined) return undefined
  const host = await work.store.read('host', provider)
  if (host === undefined) throw fault('refused', `${name} is not there any more`)
  return host
}

/** What there costs and belongs to no machine of ours, as of the last poll. It is no reason not to use the account. */
const strayFindings = ({ wish, seen }: HostRecord): readonly HostFinding[] =>
  Object.entries(seen.strays ?? {}).map(([name, { object, type, price }]) => ({
    what: `orphan ${name}`,
    verdict: 'warning',
    detail: [
      `${object}${type === null ? '' : `, ${type}`} bears our mark and is no machine's`,
      price === null ? 'what it costs is not known' : `${formatAmount(price)} ${wish.provider?.currency ?? ''} an hour`,
    ].join('; '),
    mend: null,
  }))

const joins = (detail: string): HostFindings => ({
  findings: [{ what: 'driver', verdict: 'ok', detail, mend: null }],
  hostKeys: [],
  fit: true,
})
