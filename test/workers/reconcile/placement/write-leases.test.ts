/** Writing what is planned for leases while others claim and give back on the same hosts. */
import { formatClaim, type HostClaim, hostViews } from '../../../../src/model/placement'
import type { Claim, HostClaims, Store } from '../../../../src/store/store'
import { type ToWrite, writeLeases } from '../../../../workers/reconcile/placement/write-leases'
import type { Work } from '../../../../workers/reconcile/work'
import { LiveSite } from '../../../support/live-site'
import { at, claimedHost, HOUR, reserved, SMALL } from '../../../support/reserved-hosts'

const claim = { ref: { kind: 'placement', id: 'site' }, epoch: { era: 1, number: 1 } } as Claim<'placement'>
const WHOLE = { ...SMALL, cores: 4, cpuHundredths: 400 }

/** A plan for leases that need a host each, and orphans of it. */
function planned(hosts: readonly string[]): ToWrite {
  const site = new LiveSite(
    at(0),
    hosts.map((id) => claimedHost(id)),
  )
  for (const _ of hosts) site.order(WHOLE, { start: at(1), seconds: HOUR / 1000 })
  const { steps, orphans } = site.plan()
  const records = site.hosts.map(({ record }) => record)
  const ground = { hosts: records, views: hostViews(site.hosts, at(0)), held: [], queued: [], now: at(0) }
  return { snapshot: { ground, revisions: new Map(hosts.map((id) => [id, 1])) }, steps, orphans }
}

interface Script {
  readonly hosts: readonly string[]
  readonly revisions: readonly number[]
  readonly machines: number
}

interface Meanwhile {
  /** What is claimed when it is read again. */
  readonly claims?: Readonly<Record<string, Readonly<Record<string, HostClaim>>>>
  /** Machines that somebody changed. */
  readonly changed?: readonly string[]
}

/** Writes it over a store on which a host moved whenever `moved` names it. */
async function written(
  plan: ToWrite,
  moved: (hosts: readonly string[], script: number) => string | undefined,
  { claims = {}, changed = [] }: Meanwhile = {},
) {
  const scripts: Script[] = []
  const told: string[] = []
  const place: Store['place'] = async (_claim, hosts, placings) => {
    const names = hosts.map(({ host }) => host)
    scripts.push({ hosts: names, revisions: hosts.map(({ revision }) => revision), machines: placings.length })
    const host = moved(names, scripts.length)
    if (host !== undefined) return { state: 'moved', host }
    const ids = placings.map(({ ref }) => ref.id as string)
    const at = ids.findIndex((id) => changed.includes(id))
    return at < 0 ? { state: 'done', placed: ids } : { state: 'done', placed: ids.slice(0, at), stopped: ids[at] ?? '' }
  }
  const kept = {
    claims: async (hosts: readonly string[]): Promise<readonly HostClaims[]> =>
      hosts.map((host) => ({
        host,
        revision: 100 + scripts.length,
        claims: Object.fromEntries(Object.entries(claims[host] ?? {}).map(([id, one]) => [id, formatClaim(one)])),
      })),
  }
  const work = {
    store: { place, kept },
    queue: { add: async (refs: readonly { id: string }[]) => void told.push(...refs.map(({ id }) => id)) },
    log: { info: () => undefined },
    at: () => undefined,
  }
  const came = await writeLeases(work as unknown as Work, claim, plan)
  return { scripts, told, came }
}

test('nothing moved: all of it in one script, against what was read', async () => {
  const { scripts, told, came } = await written(planned(['a', 'b']), () => undefined)
  expect(scripts).toEqual([{ hosts: ['a', 'b'], revisions: [1, 1], machines: 2 }])
  expect(told).toHaveLength(2)
  expect(came).toBe('wrote')
})

test('a host that moves all the time holds up nobody else: the others are written against what is claimed now', async () => {
  const { scripts, told } = await written(planned(['a', 'b', 'c']), (hosts) => hosts.find((host) => host === 'a'))
  expect(scripts).toEqual([
    { hosts: ['a', 'b', 'c'], revisions: [1, 1, 1], machines: 3 },
    { hosts: ['b', 'c'], revisions: [101, 101], machines: 2 },
  ])
  expect(told).toHaveLength(2)
})

test('where all hosts move, fewer go together, down to one; and it ends', async () => {
  const hosts = Array.from({ length: 12 }, (_, index) => `h${String(index).padStart(2, '0')}`)
  const one = await written(planned(hosts), (named) => (named.length > 1 ? named.at(-1) : undefined))
  expect(one.scripts.map(({ machines }) => machines)).toEqual([12, 11, 3, 1])
  expect(one.told).toHaveLength(1)
  const never = await written(planned(['a', 'b', 'c', 'd', 'e']), (named) => named[0])
  expect(never.scripts.map(({ machines }) => machines)).toEqual([5, 4, 1, 1, 1, 1, 1, 1])
  expect(never.told).toEqual([])
  expect(never.came).toBe('in vain')
})

test('what was claimed meanwhile counts: a lease whose room went is left to the next pass', async () => {
  const taken = { b: { r: reserved('r', 4, at(1), at(2)) } }
  const { scripts } = await written(planned(['a', 'b', 'c']), (hosts) => hosts.find((host) => host === 'a'), {
    claims: taken,
  })
  expect(scripts.at(-1)).toMatchObject({ hosts: ['c'], machines: 1 })
})

describe('a machine that somebody changes all the time', () => {
  const machinesOf = ({ steps }: ToWrite): readonly string[] =>
    steps.flatMap(({ machines }) => machines.map(({ record }) => record.id as string))
  const still = () => undefined

  test('waits for the next pass, and those behind it are written on what is claimed by then', async () => {
    const plan = planned(['a', 'b', 'c'])
    const [first = '', second = '', third = ''] = machinesOf(plan)
    const { scripts, told, came } = await written(plan, still, { changed: [second] })
    expect(scripts).toEqual([
      { hosts: ['a', 'b', 'c'], revisions: [1, 1, 1], machines: 3 },
      { hosts: ['c'], revisions: [101], machines: 1 },
    ])
    expect([told, came]).toEqual([[first, third], 'wrote'])
  })

  test('is told of as nothing written where it is the only one', async () => {
    const plan = planned(['a'])
    const { scripts, told, came } = await written(plan, still, { changed: machinesOf(plan) })
    expect(scripts).toHaveLength(1)
    expect([told, came]).toEqual([[], 'in vain'])
  })

  test('one after another is left out where there are several', async () => {
    const plan = planned(['a', 'b', 'c', 'd'])
    const [one = '', , other = ''] = machinesOf(plan)
    const { scripts, told } = await written(plan, still, { changed: [one, other] })
    expect(scripts.map(({ machines }) => machines)).toEqual([4, 3, 1])
    expect(told).toHaveLength(2)
  })

  test('holds up nobody, but who counted on what it gives up waits with it', async () => {
    const plan = planned(['a', 'b'])
    const [first = ''] = machinesOf(plan)
    const taken = { b: { r: reserved('r', 4, at(1), at(2)) } }
    const { scripts, told, came } = await written(plan, still, { changed: [first], claims: taken })
    expect(scripts).toHaveLength(1)
    expect([told, came]).toEqual([[], 'in vain'])
  })
})
