/** `address …` over a gateway: public addresses of all projects, and the end of one that its provider does not take back. */
import { OPERATOR } from '../../../support/gateways'
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

const runIn = (...words: readonly string[]): Promise<string> => runCli(operatorAt(app), ...words)
const run = (...words: readonly string[]): Promise<string> => runIn('address', ...words)

test('one of a provider’s is listed while it is on its way back, and forgotten by an operator’s word alone', async () => {
  expect(await run('list')).toBe('no addresses are leased\n')
  const { operations } = app
  const { id: pool } = await operations.addProvider(OPERATOR, {
    ...{ name: 'amazon-eu', kind: 'ec2', endpoint: 'https://ec2.eu-west-1.amazonaws.com', region: 'eu-west-1' },
    ...{ zone: 'ec2-eu', account: 'AKIAEXAMPLE', secret: 'secret', settings: { addresses: '2' } },
  })
  const { caller } = await app.site.project('ann')
  const [made] = await operations.together(caller, [{ do: 'allocate', order: { pool } }])
  if (made === undefined) throw new Error('none was leased')
  const { id, wish } = made.record
  expect(await run('list')).toMatch(new RegExp(`${wish.name} +ann +amazon-eu +allocating`))
  await expect(run('give-up', wish.name)).rejects.toMatchObject({ message: expect.stringContaining('is leased') })
  await operations.releaseAddress(caller, { address: id })
  expect(await run('show', id)).toMatch(/state +releasing\n/)
  expect(await runIn('stuck', 'list')).toBe('nothing is stuck\n')
  const { store, clock } = app.site
  const claim = await store.claim('address', id, clock.now())
  const stuck = { since: clock.now(), message: 'its provider refuses it (InvalidIPAddress.InUse)' }
  const journal = { intent: null, attempts: 1, failures: 3, trouble: null, stuck }
  if (claim) await store.observe(claim, { journal, what: 'address-refused' }, clock.now())
  const told = await runIn('stuck', 'list')
  expect(told).toMatch(new RegExp(`${wish.name} +ann +stuck .* its provider refuses it \\(InvalidIPAddress`))
  // Again is the same.
  for (const word of [wish.name, id]) expect(await run('give-up', word)).toBe(`${wish.name}: ordered (now releasing)\n`)
  expect((await app.site.store.read('address', id))?.wish).toMatchObject({
    abandoned: true,
    releasedAt: expect.any(Number),
  })
  for (const word of ['show', 'give-up'])
    await expect(run(word, 'eipalloc-00000000000000000')).rejects.toMatchObject({ kind: 'not-found' })
})
