/** Writing who gives way while others claim and give back on the same hosts. */
import type { HostId } from '../../../../src/model/ids'
import { formatClaim, hostViews } from '../../../../src/model/placement'
import type { Claim, Store } from '../../../../src/store/store'
import { type Ground, makeWay } from '../../../../workers/reconcile/placement/give-way'
import type { Work } from '../../../../workers/reconcile/work'
import { computeRecord, sighting } from '../../../support/compute-record'
import { at, claimedHost, SMALL } from '../../../support/reserved-hosts'

const claim = { ref: { kind: 'placement', id: 'site' }, epoch: { era: 1, number: 1 } } as Claim<'placement'>

/** A machine on each host that was told to give way and is off: its cores and memory are to be given back. */
function leaving(hosts: readonly string[]): Ground {
  const claims = hosts.map((id) => claimedHost(id, { [`of-${id}`]: { ...SMALL, yields: 0, leaving: true } }))
  const queued = hosts.map((id) => {
    const host = id as HostId
    const place = { host, hostName: id, parked: { since: at(0), how: 'off' as const, by: 'cr-1' } }
    return computeRecord({ id: `of-${id}`, place, seen: { host, machine: sighting('off') } })
  })
  const held = claims.map(({ record, revision, byId }) => ({
    host: record.id as string,
    revision,
    claims: Object.fromEntries(Object.entries(byId).map(([id, one]) => [id, formatClaim(one)])),
  }))
  return { hosts: claims.map(({ record }) => record), held, views: hostViews(claims, at(0)), queued, now: at(0) }
}

interface Meanwhile {
  /** Hosts that others change all the time. */
  readonly restless?: readonly string[]
  /** Machines that somebody changes all the time. */
  readonly changed?: readonly string[]
}

async function given(ground: Ground, { restless = [], changed = [] }: Meanwhile = {}) {
  const scripts: (readonly string[])[] = []
  const told: string[] = []
  const place: Store['place'] = async (_claim, hosts, placings) => {
    scripts.push(hosts.map(({ host }) => host))
    const host = hosts.find((one) => restless.includes(one.host))?.host
    if (host !== undefined) return { state: 'moved', host }
    return {
      state: 'done',
      placed: placings.flatMap(({ ref }) => (changed.includes(ref.id) ? [] : [ref.id as string])),
    }
  }
  const work = {
    store: { place, readMany: async (_kind: string, ids: readonly string[]) => ids.map(() => undefined) },
    queue: { add: async (refs: readonly { id: string }[]) => void told.push(...refs.map(({ id }) => id)) },
    log: { info: () => undefined },
    at: () => undefined,
  }
  const came = await makeWay(work as unknown as Work, claim, ground)
  return { came, scripts, told }
}

test('nothing moved: all of it in one script, and their workers are told', async () => {
  const { came, scripts, told } = await given(leaving(['a', 'b']))
  expect(scripts).toEqual([['a', 'b']])
  expect(told).toEqual(['of-a', 'of-b'])
  expect(came.came).toBe('wrote')
})

test('a host that moves all the time holds up no other', async () => {
  const { came, scripts, told } = await given(leaving(['a', 'b', 'c']), { restless: ['b'] })
  expect(scripts).toEqual([
    ['a', 'b', 'c'],
    ['a', 'c'],
  ])
  expect(told).toEqual(['of-a', 'of-c'])
  expect(came.came).toBe('wrote')
})

test('where none could be written that is told, and others have their turn', async () => {
  const moved = await given(leaving(['a', 'b']), { restless: ['a', 'b'] })
  expect(moved.came).toEqual({ came: 'in vain', next: null })
  expect(moved.scripts).toHaveLength(2)
  const changed = await given(leaving(['a']), { changed: ['of-a'] })
  expect(changed.came).toEqual({ came: 'in vain', next: null })
  expect([...moved.told, ...changed.told]).toEqual([])
})

const many = Array.from({ length: 20 }, (_, index) => `h${String(index).padStart(2, '0')}`)

test('of many hosts that move it gives up in the end', async () => {
  const { came, scripts } = await given(leaving(many), { restless: many })
  expect(scripts.map((named) => named.length)).toEqual([20, 19, 5, 1])
  expect(came.came).toBe('in vain')
})

test('many hosts that move hold up no other: fewer go together', async () => {
  const restless = many.filter((_, index) => index % 2 === 1)
  const { came, scripts, told } = await given(leaving(many), { restless })
  expect(scripts.length).toBeLessThan(6)
  expect(told).not.toEqual([])
  expect(came.came).toBe('wrote')
})
