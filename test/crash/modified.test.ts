import type { Size } from '../../src/model/machine'
import { NOBODY } from '../../src/store/store'
import { definitionDigest } from '../../workers/reconcile/steps/definition'
import type { Point } from '../../workers/reconcile/work'
import { wrongs } from '../support/invariants'
import { Crash, openPump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { PROJECT, type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 1 })
})
afterEach(() => site.close())

const LARGE: Size = { type: 't2.small', cores: 1, cpuHundredths: 100, memoryMiB: 2048, diskGiB: 1 }

/** As operations do it: wish, counters and claim in one script. */
async function resize(id: string, size: Size): Promise<void> {
  const { generation, wish, place } = await site.compute(id)
  const [held] = await site.store.hostClaims([place.host ?? ''])
  const result = await site.store.change(
    {
      operationId: `resize-${id}-${size.type}`,
      actor: NOBODY,
      what: 'resize-compute',
      updates: [
        {
          ref: { kind: 'compute', id },
          project: PROJECT,
          generation,
          wish: { ...wish, size },
          raisePhase: false,
          wake: true,
        },
      ],
      counters: [{ project: PROJECT, name: 'memoryMiB', by: size.memoryMiB - wish.size.memoryMiB }],
      reclaims: [{ host: place.host ?? '', revision: held?.revision ?? -1, compute: id, claim: JSON.stringify(size) }],
    },
    0,
  )
  expect(result.state).toBe('done')
}

const POINTS: readonly (Point | 'never')[] = [
  'never',
  'after:claim',
  'after:look',
  'after:intent',
  'before:act',
  'after:act',
  'after:result',
]

describe.each(POINTS)('a worker that dies %s', (point) => {
  const dying = () => {
    let armed = false
    const pump = openPump(site, {
      at: (here, ref) => {
        if (!armed || here !== point || ref.kind !== 'compute') return
        armed = false
        throw new Crash(here)
      },
    })
    return {
      pump,
      arm: () => {
        armed = true
      },
    }
  }

  test('another size is written into its definition before it runs again', async () => {
    const { pump, arm } = dying()
    const [id = ''] = await site.order(1)
    await pump.until(site.is(id, 'running'), 'running')
    await site.wish(id, () => ({ power: 'off' }))
    await pump.until(site.is(id, 'poweroff'), 'off')
    arm()
    await resize(id, LARGE)
    await pump.until(async () => {
      const record = await site.compute(id)
      return record.seen.defined === definitionDigest(record)
    }, 'the new definition')
    const [found] = await site.found((await site.compute(id)).wish.name)
    expect(found?.definition?.size).toEqual(LARGE)
    expect(found?.effects.define).toBe(2)
    await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
    await pump.until(site.is(id, 'running'), 'running again')
    expect(await wrongs(site)).toEqual([])
  })

  test('a guest that shuts itself down is ended, where its owner wants that', async () => {
    const { pump, arm } = dying()
    const [id = ''] = await site.order(1, { options: { onShutdown: 'terminate' } })
    await pump.until(site.is(id, 'running'), 'running')
    arm()
    await site.simulator.admin.guestStops('sim-1', (await site.compute(id)).wish.name)
    await pump.until(site.is(id, 'done'), 'its end')
    expect((await site.compute(id)).wish).toMatchObject({
      exists: false,
      reason: expect.stringContaining('Client.InstanceInitiatedShutdown'),
    })
    expect(await wrongs(site)).toEqual([])
  })
})

test('without that wish it stays off; a crash is no shutdown', async () => {
  const pump = openPump(site)
  const [usual = ''] = await site.order(1)
  const [crashing = ''] = await site.order(1, { options: { onShutdown: 'terminate' } })
  await pump.until(site.is(usual, 'running'), 'running')
  await pump.until(site.is(crashing, 'running'), 'running')
  await site.simulator.admin.guestStops('sim-1', (await site.compute(usual)).wish.name)
  await site.simulator.admin.guestCrashes('sim-1', (await site.compute(crashing)).wish.name)
  await pump.until(site.is(usual, 'poweroff'), 'off')
  await pump.until(site.is(crashing, 'poweroff'), 'off')
  pump.clock.advance(60_000)
  await pump.turn()
  for (const id of [usual, crashing]) expect((await site.compute(id)).wish.exists).toBe(true)
})

test('a start ordered before the end was wished wins', async () => {
  let started = false
  const pump = openPump(site, {
    at: async (point, ref) => {
      if (point !== 'after:look' || started || ref.kind !== 'compute') return
      const { seen } = await site.compute(ref.id)
      if (seen.machine?.domain !== 'off' || seen.stoppedAt === null) return
      started = true
      await site.wish(ref.id, ({ starts }) => ({ starts: starts + 1 }))
    },
  })
  const [id = ''] = await site.order(1, { options: { onShutdown: 'terminate' } })
  await pump.until(site.is(id, 'running'), 'running')
  await site.simulator.admin.guestStops('sim-1', (await site.compute(id)).wish.name)
  await pump.until(async () => started && (await site.is(id, 'running')()), 'running again')
  expect((await site.compute(id)).wish.exists).toBe(true)
})
