/** Our mixin `restartable`: the same option as EC2's AutoRecovery. */
import { type ComputeOptions, optionsOf } from '../../../../src/model/records'
import { COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

const ID = 'http://occi-gateway.org/occi/infrastructure/compute#restartable'
const MIXIN = 'Category: restartable; scheme="http://occi-gateway.org/occi/infrastructure/compute#"; class="mixin"'
let app: OcciApp
beforeEach(() => {
  app = occiApp()
})
const options = (path: string): ComputeOptions =>
  optionsOf(app.operations.computes.get(path.slice('/compute/'.length))?.wish ?? {})
const shown = async (path: string): Promise<boolean> =>
  JSON.parse((await app.ask('get', path).set('Accept', 'application/json')).body).mixins.includes(ID)
const send = (method: 'put' | 'post', path: string, ...lines: readonly string[]) =>
  app.ask(method, path).set('Content-Type', 'text/plain').send(lines.join('\n'))

test('ordered with it, shown with it; without it, without', async () => {
  const [path, other] = [await created(app, MIXIN), await created(app)]
  expect([options(path).restartable, options(other).restartable]).toEqual([true, false])
  expect([await shown(path), await shown(other)]).toEqual([true, false])
  expect((await app.ask('get', '/mixin/restartable/')).body).toBe(`X-OCCI-Location: http://cloud.example.org${path}`)
})

test('a partial update puts it on and leaves it; a whole description without it takes it off', async () => {
  const path = await created(app)
  expect((await send('post', path, MIXIN)).status).toBe(200)
  expect(options(path).restartable).toBe(true)
  expect((await send('post', path, 'X-OCCI-Attribute: occi.core.title="two"')).status).toBe(200)
  expect(await shown(path)).toBe(true)
  const back = (await app.ask('get', path)).body
  expect((await send('put', path, back)).status).toBe(200)
  expect(await shown(path)).toBe(true)
  expect((await send('put', path, COMPUTE_KIND)).status).toBe(200)
  expect(options(path).restartable).toBe(false)
  expect(await shown(path)).toBe(false)
})

test('it can be put on a compute only', async () => {
  const answer = await send(
    'post',
    '/storage/',
    'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
    MIXIN,
    'X-OCCI-Attribute: occi.storage.size=1',
  )
  expect(answer.status).toBe(403)
})
