/** `volume …` over a gateway: volumes of all projects, and the end of a deleted one whose disk nobody removes. */
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

const run = (...words: readonly string[]): Promise<string> => runCli(operatorAt(app), 'volume', ...words)

test('one is listed and shown, by either of its names, and forgotten by an operator’s word once it is deleted', async () => {
  expect(await run('list')).toBe('no volumes\n')
  const { caller } = await app.site.project('ann')
  const { id, wish } = await app.operations.createStorage(caller, { sizeGiB: 3, title: 'data' })
  expect(await run('list')).toMatch(new RegExp(`${wish.name} +ann +available +3`))
  for (const word of [id, wish.name]) expect(await run('show', word)).toMatch(/title +data\n[\s\S]*size +3 GiB\n/)
  await expect(run('give-up', wish.name)).rejects.toMatchObject({ message: expect.stringContaining('is not deleted') })
  await app.operations.deleteStorages(caller, { ids: [id] })
  // Again is the same.
  for (const word of [wish.name, id]) expect(await run('give-up', word)).toBe(`${wish.name}: ordered (now deleting)\n`)
  expect((await app.site.store.read('storage', id))?.wish).toMatchObject({ exists: false, abandoned: true })
  for (const word of ['show', 'give-up'])
    await expect(run(word, 'vol-00000000000000000')).rejects.toMatchObject({ kind: 'not-found' })
})
