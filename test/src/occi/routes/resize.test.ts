/** Another size for a compute that is stopped: attributes of its owner's own, or another resource template (GFD.224 §3.1, §3.5.2). */
import { COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

const TPL = 'http://occi-gateway.org/occi/infrastructure/resource_tpl#'
const template = (term: string) => `Category: ${term}; scheme="${TPL}"; class="mixin"`
const sizes = (cores: number, memory: number) =>
  `X-OCCI-Attribute: occi.compute.cores=${cores}\nX-OCCI-Attribute: occi.compute.memory=${memory}`

let app: OcciApp
let path: string
beforeEach(async () => {
  app = occiApp()
  path = await created(app, template('t2_nano'), 'X-OCCI-Attribute: occi.core.title="one"')
  await app.ask('post', `${path}?action=stop`)
})
const send = (method: 'put' | 'post', ...lines: readonly string[]) =>
  app.ask(method, path).set('Content-Type', 'text/plain').send(lines.join('\n'))
const shown = async () => {
  const { mixins, attributes, title } = JSON.parse((await app.ask('get', path).set('Accept', 'application/json')).body)
  return {
    title,
    cores: attributes['occi.compute.cores'],
    memory: attributes['occi.compute.memory'],
    template: mixins.find((one: string) => one.startsWith(TPL))?.slice(TPL.length),
  }
}
const updates = () => app.operations.verbs.filter(({ name }) => name === 'updateCompute').map(({ input }) => input)

test('another template takes the place of the former one at once', async () => {
  expect((await send('post', template('t2_micro'))).status).toBe(200)
  expect(await shown()).toEqual({ title: 'one', cores: 1, memory: 1, template: 't2_micro' })
  expect(updates()).toEqual([expect.objectContaining({ size: { type: 't2.micro' } })])
})

test('a template beats sizes beside it', async () => {
  expect((await send('post', template('t2_micro'), sizes(4, 8))).status).toBe(200)
  expect(await shown()).toMatchObject({ cores: 1, memory: 1, template: 't2_micro' })
})

test("sizes of one's own, one or both of them, together with a title", async () => {
  expect((await send('post', 'X-OCCI-Attribute: occi.compute.memory=2.5, occi.core.title="two"')).status).toBe(200)
  expect(await shown()).toEqual({ title: 'two', cores: 1, memory: 2.5, template: undefined })
  expect((await send('put', COMPUTE_KIND, sizes(2, 2.5))).status).toBe(200)
  expect(await shown()).toMatchObject({ cores: 2, memory: 2.5 })
  expect(updates()).toEqual([
    expect.objectContaining({ title: 'two', size: { cores: 1, memoryMiB: 2560 } }),
    expect.objectContaining({ size: { cores: 2, memoryMiB: 2560 } }),
  ])
})

test('what it has already is no order, in every rendering', async () => {
  for (const type of ['text/plain', 'application/occi+json']) {
    const { body } = await app.ask('get', path).set('Accept', type)
    expect((await app.ask('put', path).set('Content-Type', type).send(body)).status).toBe(200)
  }
  for (const update of updates()) expect(update).not.toHaveProperty('size')
})

test('other sizes beside the template that it has contradict each other, as do two templates', async () => {
  const { body } = await app.ask('get', path)
  const larger = String(body).replace('occi.compute.cores=1', 'occi.compute.cores=2')
  const refused = await send('put', larger)
  expect([refused.status, refused.body]).toEqual([
    400,
    expect.stringContaining('leave it out to choose occi.compute.cores'),
  ])
  expect((await send('put', COMPUTE_KIND, template('t2_nano'), template('t2_micro'))).status).toBe(400)
  expect((await send('post', template('t2_micro'), template('m1_small'))).status).toBe(400)
  expect(await shown()).toMatchObject({ cores: 1, template: 't2_nano' })
})

test.each([
  ['half a core', 'X-OCCI-Attribute: occi.compute.cores=0.5', 400],
  ['no core', 'X-OCCI-Attribute: occi.compute.cores=0', 400],
  ['no memory', 'X-OCCI-Attribute: occi.compute.memory=0', 400],
  ['a template that there is not', template('x9_huge'), 404],
])('%s is refused', async (_what, line, status) => {
  expect((await send('post', line)).status).toBe(status)
  expect(await shown()).toMatchObject({ cores: 1, memory: 0.5 })
})

test('while it runs or is suspended: 409, saying that it is to be stopped', async () => {
  for (const action of ['start', 'suspend']) {
    await app.ask('post', `${path}?action=${action}`)
    const answer = await send('post', sizes(2, 2), 'X-OCCI-Attribute: occi.core.title="two"')
    expect([answer.status, answer.body]).toEqual([409, expect.stringContaining('only while the machine is stopped')])
  }
  expect(await shown()).toMatchObject({ title: 'one', cores: 1 })
})
