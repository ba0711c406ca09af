import { created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
let path: string
beforeEach(async () => {
  app = occiApp()
  path = await created(app)
})
const SAVE = 'Category: save;scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#";class="action"'
const save = (lines: readonly string[] = [], where = path, accept = 'text/plain') =>
  app
    .ask('post', `${where}?action=save`)
    .set('Accept', accept)
    .set('Content-Type', 'text/plain')
    .send([SAVE, ...lines].join('\n'))
const stop = () => app.ask('post', `${path}?action=stop`)
const HOT = 'X-OCCI-Attribute: method="hot"'
const names = () => [...app.operations.madeImages.values()].map(({ wish }) => wish.name)

test('hot: of a compute that runs; the answer is its os_tpl', async () => {
  const answer = await save([HOT, 'X-OCCI-Attribute: name="web before the upgrade"'])
  expect(answer.status).toBe(200)
  expect(answer.body).toMatch(
    /^Category: ami-[0-9a-f]{17};scheme="http:\/\/occi-gateway\.org\/occi\/infrastructure\/os_tpl#";class="mixin";title="web before the upgrade";rel="http:\/\/schemas\.ogf\.org\/occi\/infrastructure#os_tpl";location="\/mixin\/os_tpl\/ami-[0-9a-f]{17}\/"$/,
  )
  expect(names()).toEqual(['web before the upgrade'])
  expect((await app.ask('get', path)).body).toContain('occi.compute.state="active"')
})

test('deferred, also when nothing is said or it is misspelled: of one that is at rest', async () => {
  await stop()
  for (const lines of [[], ['X-OCCI-Attribute: method="deferred"'], ['X-OCCI-Attribute: method="deffered"']])
    expect((await save(lines)).status).toBe(200)
  expect(names()).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^saved-i-[0-9a-f]{17}-[0-9a-f]{8}$/)))
  expect(new Set(names()).size).toBe(3)
})

test('deferred while it runs is refused and says what goes', async () => {
  const answer = await save()
  expect([answer.status, names()]).toEqual([409, []])
  expect(answer.body).toContain('method="hot"')
})

test('JSON gets the mixin as the model shows it', async () => {
  const answer = await save([HOT], path, 'application/occi+json')
  const { mixins } = JSON.parse(answer.body)
  expect(mixins).toEqual([
    expect.objectContaining({
      depends: ['http://schemas.ogf.org/occi/infrastructure#os_tpl'],
      term: expect.any(String),
    }),
  ])
})

test('is offered while it can be done, and refused by state with the others named', async () => {
  expect((await app.ask('get', path)).body).toContain('?action=save>')
  app.operations.change(path.slice('/compute/'.length), { seen: { startedAt: null } })
  expect((await app.ask('get', path)).body).not.toContain('?action=save>')
  const answer = await save([HOT])
  expect(answer.status).toBe(409)
  expect(answer.body).toContain('accepted: stop, restart, suspend')
})

test('a name that is taken is 409, one that cannot be 400, another method 400', async () => {
  const named = [HOT, 'X-OCCI-Attribute: name="golden one"']
  expect((await save(named)).status).toBe(200)
  expect((await save(named)).status).toBe(409)
  expect((await save([HOT, 'X-OCCI-Attribute: name="!"'])).status).toBe(400)
  expect((await save(['X-OCCI-Attribute: method="slow"'])).status).toBe(400)
  expect(names()).toEqual(['golden one'])
})

test('of a collection: each or none, and no name for several', async () => {
  await created(app)
  expect((await save([HOT, 'X-OCCI-Attribute: name="both"'], '/compute/')).status).toBe(400)
  await stop()
  expect((await save([], '/compute/')).status).toBe(409)
  expect(names()).toEqual([])
  const answer = await save([HOT], '/compute/')
  expect([answer.status, String(answer.body).split('\n').length, names().length]).toEqual([200, 2, 2])
})
