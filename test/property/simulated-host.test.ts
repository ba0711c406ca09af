/** Simulated hosts under any sequence of orders, restarts of the simulator and steps of its clock among them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { asFault } from '../../src/faults'
import type { Ask } from '../../workers/drivers/guard/decide'
import { cancel, effect, underGuard } from '../../workers/drivers/simulator/guarded'
import { Lanes } from '../../workers/drivers/simulator/lanes'
import { wordsOf } from '../../workers/drivers/simulator/perform'
import { snapshot } from '../../workers/drivers/simulator/snapshot'
import type { EffectOrder } from '../../workers/drivers/simulator/wire'
import { World } from '../../workers/drivers/simulator/world'
import { definition, SMALL } from '../support/simulated-machine'

const HOSTS = ['sim-1', 'sim-2']
const MACHINES = ['i-1', 'i-2', 'i-3', 'i-4']
const CAPACITY = { cpuHundredths: 250, memoryMiB: 1_300, diskGiB: 4 }

type Step =
  | { readonly kind: 'order'; readonly host: string; readonly machine: string; readonly order: EffectOrder }
  | { readonly kind: 'cancel'; readonly host: string; readonly machine: string }
  | { readonly kind: 'advance' }
  | { readonly kind: 'restart' }

const orderOf = (machine: string): fc.Arbitrary<EffectOrder> => {
  const name = `${machine}-root`
  return fc.oneof(
    fc.integer({ min: 1, max: 3 }).map(
      (sizeGiB): EffectOrder => ({
        verb: 'disk.ensure',
        args: { name, sizeGiB, source: { from: 'image', image: 'tiny', sizeGiB: 1 } },
      }),
    ),
    fc.constant<EffectOrder>({ verb: 'disk.remove', args: { name } }),
    fc.constant<EffectOrder>({ verb: 'disk.grow', args: { name, sizeGiB: 3 } }),
    fc.constant<EffectOrder>({
      verb: 'define',
      args: { ...definition(machine), disks: [{ name, device: 'a' }], interfaces: [] },
    }),
    fc.constant<EffectOrder>({
      verb: 'define',
      args: {
        ...definition(machine),
        size: { ...SMALL, memoryMiB: 900 },
        disks: [{ name, device: 'a' }],
        interfaces: [],
      },
    }),
    fc.constant<EffectOrder>({ verb: 'undefine', args: {} }),
    fc.constantFrom<EffectOrder>(
      { verb: 'power', args: { to: 'on' } },
      { verb: 'power', args: { to: 'off', how: 'hard' } },
      { verb: 'power', args: { to: 'off', how: 'graceful' } },
      { verb: 'power', args: { again: 'reset' } },
    ),
    fc.constant<EffectOrder>({ verb: 'save', args: {} }),
    fc
      .constantFrom(...HOSTS)
      .chain((to) =>
        fc.constantFrom<EffectOrder>(
          { verb: 'move', args: { to, how: 'live' } },
          { verb: 'move', args: { to, how: 'cold' } },
        ),
      ),
  )
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.constantFrom(...HOSTS), fc.constantFrom(...MACHINES))
      .chain(([host, machine]) => orderOf(machine).map((order) => ({ kind: 'order' as const, host, machine, order }))),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      host: fc.constantFrom(...HOSTS),
      machine: fc.constantFrom(...MACHINES),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ kind: 'advance' }, { kind: 'restart' }) },
)

/** A pool in a folder of its own, each step under a claim newer than the last. */
class Pool {
  readonly folder = mkdtempSync(join(tmpdir(), 'pool-'))
  readonly #lanes = new Lanes()
  world = new World(this.folder)
  #number = 0

  constructor() {
    for (const host of HOSTS) this.world.addHost(host, CAPACITY)
    for (const verb of ['disk.ensure', 'save', 'power', 'move'])
      this.world.troubles.add('durations', { verb, host: null, resource: null, ms: 1_000 })
  }

  async take(one: Step): Promise<void> {
    if (one.kind === 'advance') return this.world.clock.advance(600)
    if (one.kind === 'restart') {
      this.world = new World(this.folder)
      return
    }
    const epoch = { era: 1, number: ++this.#number }
    const { host, machine: resource } = one
    const words = one.kind === 'order' ? wordsOf(one.order) : ['cancel']
    const work = this.world.resource(host, resource)?.work?.key
    const key = one.kind === 'order' ? `k${this.#number}` : (work ?? 'none')
    const ask: Ask = { kind: one.kind === 'order' ? 'effect' : 'cancel', epoch, key }
    const guarded = { host, resource, ask, call: { words, host, resource } }
    await underGuard(this.world, this.#lanes, guarded, (verdict, found) =>
      one.kind === 'order'
        ? effect(this.world, guarded, key, one.order, verdict, found)
        : cancel(this.world, guarded, verdict, found),
    ).catch((thrown: unknown) => {
      if (!['refused', 'busy'].includes(asFault(thrown).kind)) throw thrown
    })
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

async function inEveryState(steps: readonly Step[], check: (pool: Pool) => void): Promise<void> {
  const pool = new Pool()
  try {
    for (const one of steps) {
      await pool.take(one)
      check(pool)
    }
  } finally {
    pool.close()
  }
}

const runs = { numRuns: 60 }

test('no host is ever over its capacity', async () => {
  const within = ({ world }: Pool): void => {
    for (const { used } of snapshot(world, () => 0).hosts) {
      expect(used.cpuHundredths).toBeLessThanOrEqual(CAPACITY.cpuHundredths)
      expect(used.memoryMiB).toBeLessThanOrEqual(CAPACITY.memoryMiB)
      expect(used.diskGiB).toBeLessThanOrEqual(CAPACITY.diskGiB)
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => inEveryState(steps, within)),
    runs,
  )
})

test('what is in the folder is what is in memory', async () => {
  const same = ({ world, folder }: Pool): void => {
    const read = new World(folder)
    for (const host of HOSTS) {
      expect(read.host(host)).toEqual(world.host(host))
      expect([...read.resources(host)].sort(byName)).toEqual([...world.resources(host)].sort(byName))
    }
  }
  const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), (steps) => inEveryState(steps, same)),
    runs,
  )
})

test('guard and resource agree on the work under way; a running machine has its disks', async () => {
  const agree = ({ world }: Pool): void => {
    for (const host of HOSTS)
      for (const { guard, work, machine, disks } of world.resources(host)) {
        expect(guard.work).toBe(work?.key ?? null)
        if (machine?.domain !== 'running') continue
        for (const { name } of machine.definition.disks) expect(disks.map((disk) => disk.name)).toContain(name)
      }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => inEveryState(steps, agree)),
    runs,
  )
})
