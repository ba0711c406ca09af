/** `image show` of an image that is made of a machine's disk: how far its snapshot is, until it is there. */
import type { SnapshotSeen } from '../../../../src/model/storage'
import { startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'
import { operatorAt, runCli } from '../../../support/run-cli'

let redis: TestRedis
let app: TestApp
beforeAll(async () => {
  redis = await startRedis()
  app = await startApp(redis)
})
afterAll(async () => {
  await app.close()
  await redis.stop()
})

/** As a job that looks at it writes it. */
async function seen(id: string, change: Partial<SnapshotSeen>): Promise<void> {
  const claim = await app.site.store.claim('snapshot', id, 1)
  if (!claim) throw new Error('no snapshot')
  await app.site.store.observe(claim, { seen: { ...claim.record.seen, ...change }, what: 'test' }, 1)
}

test('its percent and what keeps it are told until it is completed', async () => {
  const { caller } = await app.site.project('ann')
  const order = { minCount: 1, maxCount: 1, type: 't2.nano' }
  const [machine] = (await app.operations.runComputes(caller, order)).computes
  const ran = machine && (await app.site.store.claim('compute', machine.id, 1))
  if (!ran) throw new Error('no machine')
  await app.site.store.observe(ran, { seen: { ...ran.record.seen, startedAt: 1 }, what: 'test' }, 1)
  const image = await app.operations.createImageOf(caller, { compute: ran.record.id, name: 'saved' })
  const source = image.wish.sources?.disk
  const snapshot = source?.from === 'snapshot' && (await app.site.store.read('snapshot', source.id))
  if (!snapshot) throw new Error('no snapshot')
  const show = () => runCli(operatorAt(app), 'image', 'show', image.wish.ami)
  await seen(snapshot.id, { percent: 42 })
  expect(await show()).toContain(`pending, 42 % of ${snapshot.wish.name}`)
  expect(await show()).toMatch(/disk comes +pending, 42 % of snap-/)
  await seen(snapshot.id, { percent: 42, message: 'its host does not answer' })
  expect(await show()).toMatch(/42 % of snap-[0-9a-f]+ its host does not answer\n/)
  expect((await app.admin('GET', `/images/${image.id}`)).body).toMatchObject({
    snapshots: [{ name: snapshot.wish.name, part: 'disk', state: 'pending', percent: 42 }],
  })
  await seen(snapshot.id, { percent: 100, state: 'completed', message: null })
  expect(await show()).not.toContain('disk comes')
})
