/** What must hold of a site at rest, whatever was killed on the way. */
import { lifecycle } from '../../src/model/lifecycle'
import type { Size } from '../../src/model/machine'
import { claimedHostsOf, less } from '../../src/model/placement'
import { PROJECT, type Site } from './site'

/**
 * Each machine is as its owner last asked, once, on the host of its place; nothing is left of those that are gone; claims and
 * counters are exactly those of the machines that are there; no host is over its capacity. Answers what is wrong.
 */
export async function wrongs(site: Site): Promise<readonly string[]> {
  const found: string[] = []
  const computes = await site.store.readAll('compute')
  const hosts = await site.store.readAll('host')
  const { hosts: real } = await site.simulator.admin.snapshot()
  const claims = await site.store.hostClaims(hosts.map((host) => host.id))
  for (const record of computes) {
    const { name } = record.wish
    const on = real.flatMap((host) => (host.resources[name]?.departed === false ? [host] : []))
    const state = lifecycle(record)
    const claimed = claims.filter((held) => held.claims[record.id] !== undefined).map((held) => held.host)
    if (!record.wish.exists) {
      if (state !== 'done') found.push(`${name} is ${state}, wanted is done`)
      if (on.length > 0) found.push(`${name} is gone and left something on ${on.map((host) => host.name)}`)
      if (claimed.length > 0) found.push(`${name} is gone and holds a claim`)
      continue
    }
    if (on.length !== 1) found.push(`${name} is on ${on.length} hosts`)
    if (on[0]?.name !== record.place.hostName)
      found.push(`${name} is on ${on[0]?.name}, placed on ${record.place.hostName}`)
    if (claimed.length !== 1 || claimed[0] !== record.place.host) found.push(`${name} claims ${claimed.length} hosts`)
    const wanted = { on: 'running', off: 'off', suspended: 'saved' }[record.wish.power]
    const domain = on[0]?.resources[name]?.sighting.domain
    if (domain !== wanted) found.push(`${name} is ${domain}, wanted is ${wanted}`)
  }
  for (const host of real)
    for (const amount of ['cpuHundredths', 'memoryMiB', 'diskGiB'] as const)
      if (host.used[amount] > host.capacity[amount]) found.push(`${host.name} has given away too much of ${amount}`)
  // What is off may be started at any time: its place is not given to others.
  for (const { record, claims: held } of claimedHostsOf(hosts, claims)) {
    const { capacity } = record.seen
    const left =
      capacity &&
      less(
        capacity,
        held.filter((claim) => claim.held === undefined),
      )
    if (left && (left.cpuHundredths < 0 || left.memoryMiB < 0 || left.diskGiB < 0))
      found.push(`${record.wish.name} has given places of more than it has`)
  }
  const there = computes.filter((record) => record.seen.goneAt === null).map((record) => record.wish.size)
  const counters = await site.store.counters(PROJECT)
  const sum = (of: (size: Size) => number) => there.reduce((total, size) => total + of(size), 0)
  const expected = { instances: there.length, cores: sum((s) => s.cores), memoryMiB: sum((s) => s.memoryMiB) }
  for (const [counter, value] of Object.entries(expected))
    if ((counters[counter] ?? 0) !== value) found.push(`counter ${counter} is ${counters[counter]}, not ${value}`)
  return found
}

/** What must hold at every moment, also between two arrows: no simulated host gives away more cores than it has. */
export async function noneOvercommitted(site: Site): Promise<void> {
  const { hosts } = await site.simulator.admin.snapshot()
  expect(hosts.filter(({ used, capacity }) => used.cpuHundredths > capacity.cpuHundredths)).toEqual([])
}
