/**
 * 10,000 waiting machines of 50 shapes with a rank expression each, on 10,000 hosts: placements a second of the pure function on one
 * core, beside a naive evaluator that asks every host for every machine (on a part of them, for it takes minutes), whose result it
 * must have. And how the cost of a placement grows from 100 to 10,000 hosts.
 *
 * Bars: more than 50,000 placements a second; from 100 to 10,000 hosts a placement costs less than 3 times as much.
 */
import type { ComputeId, HostId, ProjectId } from '../../src/model/ids'
import { type Demand, type HostView, preferenceOf } from '../../src/model/placement'
import { place } from '../../workers/scheduler/place'
import { placeNaively } from '../support/naive-place'
import type { Figure } from './support/figure'
import { generator, SHAPES, shapes } from './support/placement'

function hostsOf(count: number): HostView[] {
  const random = generator(1)
  return Array.from({ length: count }, (_, at) => {
    const cores = 16 + 16 * Math.floor(random() * 4)
    const usable = { cpuHundredths: cores * 100, memoryMiB: cores * 4096, diskGiB: 4000 }
    const labels = { rack: `r${Math.floor(random() * 40)}`, cpuspeed: `${2000 + Math.floor(random() * 20) * 100}` }
    return {
      id: `h${String(at).padStart(6, '0')}` as HostId,
      name: `host-${at}`,
      zone: 'local-1a',
      simulated: false,
      enabled: true,
      answers: true,
      retired: false,
      machines: Math.floor(random() * 4),
      usable,
      free: {
        cpuHundredths: usable.cpuHundredths - Math.floor(random() * 800),
        memoryMiB: usable.memoryMiB - Math.floor(random() * 16_384),
        diskGiB: 4000,
      },
      traits: {
        driver: 'xl',
        total: usable,
        labels,
        measured: { cpuHundredths: Math.floor(random() * 1600), freeMemoryMiB: 1024 },
        instances: [],
      },
    }
  })
}

function machinesOf(count: number): Demand[] {
  const all = shapes().map(({ size, wish }) => ({ size, preference: preferenceOf([wish]) }))
  const random = generator(2)
  return Array.from({ length: count }, (_, at): Demand => {
    const shape = all[Math.floor(random() * SHAPES)]
    if (!shape) throw new Error('no shape')
    return { id: `m${at}` as ComputeId, project: 'p' as ProjectId, zone: null, avoid: [], ...shape }
  })
}

const cpuMs = (act: () => void): number => {
  const before = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The quickest of some runs: what the code costs, without what else the machine does. */
const best = (runs: number, act: () => void): number => Math.min(...Array.from({ length: runs }, () => cpuMs(act)))

function isSameAsNaive(): boolean {
  const [hosts, machines] = [hostsOf(400), machinesOf(1500)]
  const planned = place({ hosts, machines }, machines.length).placed
  return JSON.stringify(planned) === JSON.stringify(placeNaively(hosts, machines))
}

/** CPU ms of one placement. */
function costOn(hosts: number): number {
  const few = hostsOf(hosts)
  // As many machines as hosts to a tenth, so that each size is as full.
  const some = machinesOf(10_000).slice(0, Math.max(1000, hosts))
  return best(3, () => place({ hosts: few, machines: some }, some.length)) / some.length
}

export async function placement(): Promise<readonly Figure[]> {
  const isSame = isSameAsNaive()
  const part = machinesOf(10_000).slice(0, 20)
  const hosts = hostsOf(10_000)
  const naive = cpuMs(() => placeNaively(hosts, part)) / part.length
  const [small, , large] = [costOn(100), costOn(1000), costOn(10_000)]
  const rate = 1000 / large
  const growth = large / small
  return [
    {
      what: 'placements of 1,500 machines on 400 hosts',
      figure: isSame ? 'the same as the naive evaluator' : 'others than the naive evaluator',
      bar: 'the same',
      isMet: isSame,
    },
    {
      what: 'placements on 10,000 hosts, pure',
      figure: `${Math.round(rate)} a second of one core`,
      base: `${Math.round(1000 / naive)} naively`,
      bar: 'more than 50000',
      isMet: rate > 50_000,
    },
    {
      what: 'what a placement costs on 10,000 hosts',
      figure: `${growth.toFixed(2)}× what it costs on 100`,
      bar: 'less than 3×',
      isMet: growth < 3,
    },
  ]
}
