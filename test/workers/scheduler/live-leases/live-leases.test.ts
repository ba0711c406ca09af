/** Leases on the live path: what the planner is told of a site, and what its answers become. */
import type { ComputeId } from '../../../../src/model/ids'
import { bookingKey } from '../../../../src/model/placement'
import { LiveSite } from '../../../support/live-site'
import { at, claimedHost, HOUR, SMALL } from '../../../support/reserved-hosts'

const MINUTE = 60_000
const one = () => new LiveSite(at(0), [claimedHost('h1', {}, { cores: 2 })])
const place = (site: LiveSite, id: ComputeId) => site.records.get(id)?.place
const says = (site: LiveSite, id: ComputeId) => place(site, id)?.waiting?.lease?.says

test('a start is promised with a claim of its own, which nobody without an end gets', () => {
  const site = one()
  const start = at(2)
  const id = site.order({ ...SMALL, cores: 2, cpuHundredths: 200 }, { start, seconds: 3600 })
  site.pass()
  const [booked] = place(site, id)?.lease?.booked ?? []
  expect(booked).toMatchObject({ host: 'h1', from: start - MINUTE, run: start, stop: start + HOUR, ends: 'done' })
  const held = site.hosts[0]?.byId[bookingKey(id, { number: 0 })]?.held
  expect(held).toMatchObject({ machine: id, slots: 1, from: start - MINUTE, until: start + HOUR + 30_000 })
  const endless = site.order(SMALL)
  const short = site.order(SMALL, { seconds: 1800 })
  site.pass()
  expect(place(site, endless)?.host).toBeNull()
  expect(place(site, short)?.host).toBe('h1')
  site.advance(2 * HOUR)
  expect(place(site, id)?.lease).toEqual({ run: start, ends: start + HOUR })
  expect(site.hosts[0]?.byId[id]).toMatchObject({ yields: start + HOUR + 30_000 })
  expect(site.hosts[0]?.byId[bookingKey(id, { number: 0 })]).toBeUndefined()
  site.advance(HOUR + MINUTE)
  expect(place(site, endless)?.host).toBe('h1')
})

test('who waits is told when it begins at the earliest, and is not written anew while that is the same', () => {
  const site = one()
  const long = site.order({ ...SMALL, cores: 2, cpuHundredths: 200 }, { seconds: 3600 })
  site.pass()
  const next = site.order(SMALL, { seconds: 60 })
  site.pass()
  const ends = place(site, long)?.lease?.ends ?? 0
  expect(place(site, next)?.waiting?.lease).toEqual({
    says: 'it waits for room, and a time is reserved for it',
    at: ends + 30_000,
  })
  site.now += 10_000
  expect(site.plan().steps).toEqual([])
  site.terminate(long)
  site.pass()
  expect(place(site, next)?.host).toBe('h1')
})

test('far behind in a long queue its turn is told by one digit, so that it is not written anew with each that begins', () => {
  const site = one()
  site.order({ ...SMALL, cores: 2, cpuHundredths: 200 }, { seconds: 3600 })
  site.pass()
  const queue = Array.from({ length: 30 }, () => site.order(SMALL, { seconds: 60 }))
  site.pass()
  expect(queue.map((id) => place(site, id)?.waiting?.ahead ?? 0).slice(7, 16)).toEqual([
    7, 8, 9, 10, 10, 10, 10, 10, 20,
  ])
})

test('now is at once or never', () => {
  const site = one()
  site.order({ ...SMALL, cores: 2, cpuHundredths: 200 })
  site.pass()
  const id = site.order(SMALL, { start: 'now', seconds: 60 })
  site.pass()
  expect(place(site, id)?.waiting?.gaveUp).toMatchObject({
    refused: 'its lease cannot be kept: there is no room for all of it now',
  })
  site.pass()
  expect([...site.refused]).toEqual([id])
})

test('a deadline is met in stretches around what was promised before', () => {
  const site = one()
  site.reserve('r', { ...SMALL, cores: 2, cpuHundredths: 200 }, { count: 1, from: at(1), until: at(2) })
  const id = site.order(SMALL, { seconds: 5400, deadline: at(3), preemptible: true })
  const whole = site.order(SMALL, { seconds: 3600, deadline: at(4) })
  site.pass()
  expect(place(site, id)?.host).toBe('h1')
  expect(place(site, id)?.lease?.booked).toHaveLength(1)
  expect(place(site, whole)?.lease?.booked?.[0]?.from).toBeGreaterThanOrEqual(at(2))
  site.advance(HOUR, () => expect(site.wrongs()).toEqual([]))
  expect(place(site, id)?.parked).toBeDefined()
  site.advance(3 * HOUR, () => expect(site.wrongs()).toEqual([]))
  expect(site.records.has(id)).toBe(false)
  expect(site.records.has(whole)).toBe(false)
})

test('machines of a group wait for one another, and begin at once', () => {
  const site = one()
  const group = { name: 'pair', members: 2 }
  const first = site.order(SMALL, { group })
  site.pass()
  expect(says(site, first)).toBe('1 of the 2 machines of its group are there')
  const busy = site.order(SMALL)
  site.pass()
  const second = site.order(SMALL, { group })
  site.pass()
  expect([place(site, first)?.host, place(site, second)?.host]).toEqual([null, null])
  site.terminate(busy)
  site.pass()
  expect([place(site, first)?.host, place(site, second)?.host]).toEqual(['h1', 'h1'])
})

test('one that is to be alone gets a host that is nobody else’s from the promise on, whoever is planned with it', () => {
  const site = new LiveSite(at(0), [claimedHost('h1'), claimedHost('h2')])
  const [project, hosting] = ['bbbbbbbb-0000-4000-8000-000000000002', { alone: true }] as const
  const there = site.order(SMALL)
  site.pass()
  const taken = place(site, there)?.host
  const alone = site.order(SMALL, { start: at(2), seconds: 60 }, { project, hosting })
  const other = site.order(SMALL, { start: at(2), seconds: 60 })
  site.pass()
  const [its, others] = [alone, other].map((id) => place(site, id)?.lease?.booked?.[0]?.host)
  expect([others, its === taken]).toEqual([taken, false])
  const more = Array.from({ length: 3 }, () => site.order(SMALL))
  const own = site.order(SMALL, undefined, { project })
  site.pass()
  expect(more.map((id) => place(site, id)?.host)).toEqual([taken, taken, null])
  expect(place(site, own)?.host).toBe(its)
  site.advance(2 * HOUR, () => expect(site.wrongs()).toEqual([]))
  expect(place(site, alone)?.host).toBe(its)
})

test('two that are to be alone, planned at once, get a host each, or wait for one', () => {
  const site = new LiveSite(at(0), [claimedHost('h1'), claimedHost('h2')])
  const start = { start: at(2), seconds: 60 }
  const ids = ['1', '2'].map((number) =>
    site.order(SMALL, start, { project: `bbbbbbbb-0000-4000-8000-00000000000${number}`, hosting: { alone: true } }),
  )
  site.pass()
  expect(new Set(ids.map((id) => place(site, id)?.lease?.booked?.[0]?.host))).toEqual(new Set(['h1', 'h2']))
})

test('a host that is not there any more loses its promises too', () => {
  const site = new LiveSite(at(0), [claimedHost('h1'), claimedHost('h2')])
  const id = site.order(SMALL, { start: at(2), seconds: 60 })
  site.pass()
  const former = place(site, id)?.lease?.booked?.[0]?.host
  site.hosts = site.hosts.filter(({ record }) => record.id !== former)
  site.pass()
  expect(place(site, id)?.lease?.booked?.map(({ host }) => host)).toEqual([former === 'h1' ? 'h2' : 'h1'])
})

test('a host that is given up loses its promises to another one', () => {
  const site = new LiveSite(at(0), [claimedHost('h1'), claimedHost('h2')])
  const id = site.order(SMALL, { start: at(2), seconds: 60 })
  site.pass()
  const former = place(site, id)?.lease?.booked?.[0]?.host
  site.hosts = site.hosts.map((host) =>
    host.record.id === former
      ? { ...host, record: { ...host.record, wish: { ...host.record.wish, enabled: false } } }
      : host,
  )
  site.pass()
  const [booked] = place(site, id)?.lease?.booked ?? []
  expect(booked?.host).not.toBe(former)
  const held = site.hosts.filter(({ claims }) => claims.some((claim) => claim.held?.machine === id))
  expect(held.map(({ record }) => record.id)).toEqual([booked?.host])
})

test('what is promised to a machine that is gone is taken back', () => {
  const site = one()
  const id = site.order({ ...SMALL, cores: 2, cpuHundredths: 200 }, { start: at(2) })
  site.pass()
  site.records.delete(id)
  expect(site.plan().orphans).toEqual([{ host: 'h1', key: bookingKey(id, { number: 0 }), claim: null }])
  site.pass()
  expect(site.hosts[0]?.claims).toEqual([])
})

test('a start whose time went by is refused, and its promise is taken back', () => {
  const site = one()
  const id = site.order(SMALL, { start: at(1), seconds: 60 })
  site.pass()
  site.hosts = site.hosts.map((host) => ({
    ...host,
    record: { ...host.record, seen: { ...host.record.seen, contact: 'lost', lostSince: site.now } },
  }))
  site.now = at(2)
  site.pass()
  expect(place(site, id)?.waiting?.gaveUp?.refused).toBe(
    'its lease cannot be kept: its time went by before it could begin',
  )
  expect(place(site, id)?.lease).toBeUndefined()
  expect(site.hosts[0]?.claims).toEqual([])
})
