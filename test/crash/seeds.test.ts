/** What a guest is told: it comes to its host with the first definition, and anew when its owner changes it while it is off. */
import { randomBytes } from 'node:crypto'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ComputeWish } from '../../src/model/records'
import { openKeyRingFile } from '../../src/store/key-ring'
import { seal } from '../../src/store/sealed'
import { reconcile } from '../../workers/reconcile/dispatch'
import { definitionDigest } from '../../workers/reconcile/steps/definition'
import { openPump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ hosts: 1, redis })
})
afterEach(() => site.close())

const ringFile = () => join(site.simulator.folder, 'keys')
const definitionOf = async (id: string) => {
  const [found] = await site.found((await site.compute(id)).wish.name)
  return { seed: found?.definition?.seed, defines: found?.effects.define }
}

async function off(id: string, pump: ReturnType<typeof openPump>) {
  await pump.until(site.is(id, 'running'), 'running')
  await site.wish(id, () => ({ power: 'off' }))
  await pump.until(site.is(id, 'poweroff'), 'off')
}

test('a machine has a seed, the same as long as nothing of it changes', async () => {
  const pump = openPump(site)
  const [id = ''] = await site.order(1)
  await off(id, pump)
  const first = await definitionOf(id)
  expect(first).toEqual({ seed: expect.stringMatching(/^[0-9a-f]{64}$/), defines: 1 })
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1, title: 'another title' }))
  await pump.until(site.is(id, 'running'), 'running again')
  expect(await definitionOf(id)).toEqual(first)
})

test.each<[string, Partial<ComputeWish>]>([
  ['host name', { hostname: 'web-2' }],
  ['key', { publicKey: 'ssh-ed25519 AAAAC3 other' }],
])('another %s while it is off is another seed before it runs again', async (_name, change) => {
  const pump = openPump(site)
  const [id = ''] = await site.order(1)
  await off(id, pump)
  const before = await definitionOf(id)
  await site.wish(id, () => change)
  await pump.until(async () => (await definitionOf(id)).defines === 2, 'the new definition')
  expect((await definitionOf(id)).seed).not.toBe(before.seed)
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(site.is(id, 'running'), 'running again')
  expect((await definitionOf(id)).defines).toBe(2)
})

test('twice in a row is twice another one', async () => {
  const pump = openPump(site)
  const [id = ''] = await site.order(1)
  await off(id, pump)
  for (const hostname of ['web-2', 'web-3']) {
    await site.wish(id, () => ({ hostname }))
    await pump.until(async () => {
      const record = await site.compute(id)
      return record.wish.hostname === hostname && record.seen.defined === definitionDigest(record)
    }, hostname)
  }
  expect((await definitionOf(id)).defines).toBe(3)
  expect((await site.compute(id)).journal.trouble).toBeNull()
})

test('what is changed while it runs is told at its next start', async () => {
  const pump = openPump(site)
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'running')
  const before = await definitionOf(id)
  await site.wish(id, () => ({ hostname: 'web-2' }))
  await reconcile(site.work(), { kind: 'compute', id })
  expect(await definitionOf(id)).toEqual(before)
  await off(id, pump)
  await pump.until(async () => (await definitionOf(id)).defines === 2, 'the new definition')
})

test('user data is opened by the worker, and a worker without the ring says so and goes on once it is there', async () => {
  const pump = openPump(site)
  const ring = openKeyRingFile(ringFile())
  const kept = { keys: ring.keys.map((one) => ({ id: one.id, key: one.key.toString('base64') })) }
  rmSync(ringFile())
  const [id = ''] = await site.order(1)
  const secret = randomBytes(30).toString('base64')
  await site.wish(id, () => ({ userData: seal(ring, id, secret) }))
  await pump.until(async () => (await site.compute(id)).journal.trouble?.kind === 'unavailable', 'the trouble')
  const waiting = await site.compute(id)
  expect(waiting.journal).toMatchObject({ failed: null, avoid: [], failures: 0, trouble: { step: 'define' } })
  expect(JSON.stringify(waiting)).not.toContain(secret)
  writeFileSync(ringFile(), JSON.stringify(kept))
  chmodSync(ringFile(), 0o600)
  await pump.until(site.is(id, 'running'), 'running')
  const record = JSON.stringify(await site.compute(id))
  expect(record).not.toContain(secret)
  expect((await definitionOf(id)).defines).toBe(1)
})
