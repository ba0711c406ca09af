import type { HostId } from '../../../src/model/ids'
import { type GroupMember, hostViews } from '../../../src/model/placement'
import type { HostRecord, Leaver, PlacementRule, TriedMove } from '../../../src/model/records'
import { ANEW_MS, type Leaving, relocate } from '../../../workers/scheduler/relocate'
import { type ComputeParts, computeRecord, sighting } from '../../support/compute-record'
import { hostRecord, sizeOf } from '../../support/host-record'
import { APART, grouped, member, TOGETHER } from '../../support/placement-group'
import { providerRecord } from '../../support/provider-record'

const NOW = 1_000_000
const name = (at: number) => `i-0000000000000000${at}`

function leaving(at: number, parts: ComputeParts = {}, more: Partial<Leaving> = {}): Leaving {
  const machine = sighting('running', {
    name: name(at),
    disks: [{ name: `${name(at)}-root`, sizeGiB: 8, attached: true }],
  })
  const record = computeRecord({
    id: `11111111-0000-4000-8000-00000000000${at}`,
    ...parts,
    wish: { name: name(at), size: sizeOf(1, 1024, 8), ...parts.wish },
    seen: { machine, starts: 1, startedAt: 1, ...parts.seen },
    place: { host: 'h1' as HostId, hostName: 'host-h1', ...parts.place },
  })
  return { record, volumes: [], cause: 'drain', parallel: 2, ...more }
}

const HOSTS = ['h1', 'h2', 'h3'].map((id) => hostRecord(id, { wish: { enabled: id !== 'h1' } }))
const run = (leavings: readonly Leaving[], hosts: readonly HostRecord[] = HOSTS, now = NOW) =>
  relocate(leavings, {
    hosts,
    views: hostViews(hosts.map((record) => ({ record, claims: [] }))),
    claimsOn: () => [],
    now,
  })
const short = ({ leavers, orders }: ReturnType<typeof run>) => ({
  states: leavers.map(({ state }) => state),
  orders: orders.map(({ record, how, to }) => `${record.wish.name.at(-1)} ${how} ${to}`),
})

test('two of three set out, live, each where placement would have it; the third waits for its turn', () => {
  const came = run([leaving(1), leaving(2), leaving(3)])
  expect(short(came)).toEqual({ states: ['moving', 'moving', 'waits'], orders: ['1 live h2', '2 live h3'] })
  expect(came.orders[0]).toMatchObject({ level: 1, toName: 'host-h2', at: NOW })
  expect(came.leavers[2]).toMatchObject({ message: null })
})

test('those on their way count, by the order or by the move itself', () => {
  const ordered = leaving(1, { wish: { move: { level: 3, to: 'h2' as HostId, how: 'live' } }, seen: { moves: 2 } })
  const to = { host: 'h2' as HostId, hostName: 'host-h2', zone: 'z', simulated: true }
  const moving = { level: 1, how: 'live', to, ran: true, volumes: [], since: 1 } as const
  const under = leaving(2, { place: { moving } })
  expect(short(run([ordered, under, leaving(3)]))).toEqual({ states: ['moving', 'moving', 'waits'], orders: [] })
})

test('a level is above all that were', () => {
  const before = leaving(1, { wish: { move: { level: 4, to: 'h2' as HostId, how: 'cold' } }, seen: { moves: 4 } })
  expect(run([before]).orders[0]?.level).toBe(5)
})

test.each<[string, ComputeParts, string]>([
  ['off', { wish: { power: 'off' }, seen: { machine: sighting('off') } }, 'cold'],
  ['suspended', { wish: { power: 'suspended' }, seen: { machine: sighting('saved') } }, 'cold'],
])('what is %s goes cold', (_what, parts, how) => {
  expect(run([leaving(1, parts)]).orders.map((order) => order.how)).toEqual([how])
})

test.each<[string, ComputeParts, Leaver['state'], RegExp]>([
  ['is being made', { seen: { machine: null, starts: 0 } }, 'waits', /it is preparing/],
  ['cannot be heard of', { seen: { contact: 'lost' } }, 'waits', /does not answer/],
  ['failed', { journal: { failed: { message: 'x', at: 1, retries: 0 } } }, 'cannot', /resume or delete/],
])('what %s is told', (_what, parts, state, message) => {
  const came = run([leaving(1, parts)])
  expect(came.orders).toEqual([])
  expect(came.leavers[0]).toMatchObject({ state, message: expect.stringMatching(message) })
})

describe('an order that came to nothing', () => {
  const tried = (how: TriedMove['how'], to: string, level = 1): TriedMove => ({
    ...{ level, how, at: NOW - 10 },
    ...{ to: to as HostId, toName: `host-${to}` },
  })
  const refused = (how: TriedMove['how'], to: string) => ({ ...tried(how, to), message: `not moved to ${to}` })
  const { record } = leaving(1)
  const untried: Leaver = {
    ...{ id: record.id, name: record.wish.name, from: 'h1' as HostId },
    ...{ cause: 'drain', state: 'waits', message: null },
  }
  const again = (former: Partial<Leaver>, moves = 1) =>
    leaving(
      1,
      {
        wish: { move: { level: moves, to: 'h2' as HostId, how: 'live' } },
        seen: { moves },
        journal: { trouble: { kind: 'told', message: 'it was not moved: no', step: 'move', at: 1 } },
      },
      { former: { ...untried, ...former } },
    )

  test('is tried on another host, then in another way', () => {
    const second = run([again({ tried: tried('live', 'h2') })])
    expect(short(second).orders).toEqual(['1 live h3'])
    expect(second.leavers[0]?.refused).toMatchObject([{ how: 'live', to: 'h2', message: 'it was not moved: no' }])
    const third = run([again({ tried: tried('live', 'h3'), refused: [refused('live', 'h2')] })])
    expect(short(third).orders).toEqual(['1 cold h2'])
  })

  test('everywhere is told, and tried anew after a while', () => {
    const all = [refused('live', 'h2'), refused('live', 'h3'), refused('cold', 'h2'), refused('cold', 'h3')]
    const last = run([again({ state: 'cannot', refused: all })])
    expect(last.leavers[0]).toMatchObject({ state: 'cannot', message: expect.stringContaining('not moved to h3') })
    const [leaver] = last.leavers
    expect(short(run([again({ ...leaver })], HOSTS, NOW + ANEW_MS))).toEqual({
      states: ['moving'],
      orders: ['1 live h2'],
    })
  })

  test('on a host that it has left since means nothing', () => {
    const came = run([again({ from: 'h9' as HostId, tried: tried('live', 'h2') })])
    expect(came.leavers[0]?.refused).toBeUndefined()
    expect(short(came).orders).toEqual(['1 live h2'])
  })
})

test('what no host can take is told by counts, and takes nobody the turn', () => {
  const large = leaving(1, { wish: { size: sizeOf(90, 1024, 8) } })
  const came = run([large, leaving(2), leaving(3)])
  expect(short(came).states).toEqual(['cannot', 'moving', 'moving'])
  expect(came.leavers[0]?.message).toBe('no other host can take it: not enough CPU (2 hosts)')
})

test('its volumes come along: they need room, and bind it to no host', () => {
  const hosts = [
    HOSTS[0],
    hostRecord('h2', { seen: { capacity: { cpuHundredths: 800, memoryMiB: 8192, diskGiB: 8 } } }),
  ]
  const plain = run(
    [leaving(1)],
    hosts.filter((host) => host !== undefined),
  )
  expect(short(plain).orders).toEqual(['1 live h2'])
})

test('the site moves so many at a time, from however many hosts', () => {
  const many = Array.from({ length: 50 }, (_, at): Leaving => {
    const one = leaving(at % 10)
    const id = `22222222-0000-4000-8000-0000000000${String(at).padStart(2, '0')}` as never
    return { ...one, parallel: 99, record: { ...one.record, id, wish: { ...one.record.wish, size: sizeOf(0, 1, 0) } } }
  })
  expect(run(many).orders).toHaveLength(32)
})

test('a plan chose the host: another is no help, and what runs is not stopped for it', () => {
  const planned = leaving(1, {}, { cause: 'rebalance', to: 'h3' as HostId })
  expect(short(run([planned])).orders).toEqual(['1 live h3'])
  const lacks = [{ verb: 'move-live', because: 'no hap' } as const]
  const hosts = HOSTS.map((host) => hostRecord(host.id, { wish: host.wish, seen: { capabilities: { lacks } } }))
  expect(run([planned], hosts).leavers[0]).toMatchObject({
    state: 'cannot',
    message: expect.stringContaining('no hap'),
  })
  expect(short(run([{ ...planned, cause: 'drain' }], hosts)).orders).toEqual(['1 cold h3'])
})

test('placement groups are kept: it goes where its group lets it, or says why not', () => {
  const views = hostViews(HOSTS.map((record) => ({ record, claims: [] })))
  const of = (rule: PlacementRule, members: readonly GroupMember[]) => {
    const { group } = grouped('x', rule, { hosts: views, members })
    return leaving(1, {}, group ? { group } : {})
  }
  expect(short(run([of(APART, [member('a', 'h2')])])).orders).toEqual(['1 live h3'])
  const stays = run([of(TOGETHER, [member('a', 'h1')])])
  expect(short(stays)).toEqual({ states: ['cannot'], orders: [] })
  expect(stays.leavers[0]?.message).toBe('no other host can take it: is not where its group is (2 hosts)')
})

describe('coming home from a provider', () => {
  const cloud = providerRecord('p1')
  const away = (
    at: number,
    wish: ComputeParts['wish'] = {},
    more: Partial<Leaving> = {},
    seen: ComputeParts['seen'] = {},
  ) =>
    leaving(
      at,
      {
        seen,
        wish: { burst: { replaceable: true }, ...wish },
        place: { host: cloud.id, hostName: 'provider-p1', offer: { type: 'small', price: 40_000 } },
      },
      { cause: 'home', ...more },
    )
  const home = (leavings: readonly Leaving[], left = 9, hosts: readonly HostRecord[] = [...HOSTS, cloud]) =>
    relocate(leavings, {
      hosts,
      views: hostViews(hosts.map((record) => ({ record, claims: [] }))),
      claimsOn: () => [],
      now: NOW,
      mayComeHome: new Map([[cloud.id, left]]),
    })

  test('two at a time are made anew, each where placement would have it', () => {
    const came = home([away(1), away(2), away(3)])
    expect(short(came)).toEqual({ states: ['moving', 'moving', 'waits'], orders: ['1 anew h2', '2 anew h3'] })
  })

  test('as many as may in this hour, and of the others nothing is told', () => {
    expect(short(home([away(1), away(2)], 1))).toEqual({ states: ['moving'], orders: ['1 anew h2'] })
    expect(short(home([away(1)], 0))).toEqual({ states: [], orders: [] })
  })

  test('one that was suspended stays with its memory, though its provider is to be left', () => {
    const asleep = { machine: sighting('saved') }
    expect(short(home([away(1, { power: 'suspended' }, {}, asleep)]))).toEqual({ states: [], orders: [] })
    expect(short(home([away(1, { power: 'suspended' }, { cause: 'drain' }, asleep)])).orders).toEqual([])
  })

  test('where there is no room nothing is told, and none goes to another provider', () => {
    const full = ['h1', 'h2'].map((id) => hostRecord(id, { wish: { enabled: false } }))
    expect(short(home([away(1)], 9, [...full, cloud, providerRecord('p2')]))).toEqual({ states: [], orders: [] })
  })

  test('what was refused is told, and tried on another host', () => {
    const before = home([away(1)])
    const tried = before.leavers[0]?.tried
    if (tried === undefined) throw new Error('no order')
    const moved = away(1)
    const back = { ...moved, record: { ...moved.record, seen: { ...moved.record.seen, moves: tried.level } } }
    const again = home([{ ...back, ...(before.leavers[0] ? { former: before.leavers[0] } : {}) }])
    expect(again.leavers[0]).toMatchObject({ cause: 'home', state: 'moving', refused: [{ how: 'anew' }] })
  })

  test('drained, a provider gives up those that may be replaced', () => {
    expect(short(home([away(1, {}, { cause: 'drain' })], 0)).orders).toEqual(['1 anew h2'])
    expect(short(home([away(1, { burst: {} }, { cause: 'drain' })])).orders).toEqual([])
  })
})
