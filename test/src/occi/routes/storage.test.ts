import { BASE, COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'
import { attribute, goldenBut, inText, pathOf, RENDERINGS } from '../../../support/occi-text'

let app: OcciApp
let compute: string
beforeEach(async () => {
  app = occiApp()
  compute = await created(app)
})

const { send, text } = inText(() => app.ask)
const golden = goldenBut('ids', 'links')
const SCHEME = 'scheme="http://schemas.ogf.org/occi/infrastructure#"'
const STORAGE = `Category: storage; ${SCHEME}; class="kind"`
const LINK = `Category: storagelink; ${SCHEME}; class="kind"`
const size = (gibibytes: number) => attribute('occi.storage.size', gibibytes)
const storage = async (...lines: readonly string[]) =>
  pathOf(await send('post', '/storage/', STORAGE, size(10), ...lines))
const ends = (volume: string) => [attribute('occi.core.source', compute), attribute('occi.core.target', BASE + volume)]
const link = async (volume: string, ...lines: readonly string[]) =>
  pathOf(await send('post', '/storagelink/', LINK, ...ends(volume), ...lines))
const statusOf = async (path: string) => (await app.ask('get', path)).status
const recordOf = (path: string) => app.operations.storages.get(path.slice('/storage/'.length))

const FRESH = '/storage/77777777-2222-4333-8444-555555555555'
describe.each(RENDERINGS)('%s', (accept, extension) => {
  const get = (path: string) => app.ask('get', path).set('Accept', accept)

  test('golden: a storage, free and attached, its link, their machine, the collections', async () => {
    await send('put', FRESH, STORAGE, size(10), attribute('occi.core.title', 'data'))
    golden(`storage.${extension}`, await get(FRESH))
    golden(`storages.${extension}`, await get('/storage/'))
    const path = await link(FRESH, attribute('occi.storagelink.mountpoint', '/srv'))
    golden(`storage-attached.${extension}`, await get(FRESH))
    golden(`storagelink.${extension}`, await get(path))
    golden(`storagelinks.${extension}`, await get('/storagelink/'))
    golden(`compute-with-storage.${extension}`, await get(compute))
  })

  test('golden: creation of both, a refused deletion, an accepted one', async () => {
    const put = app.ask('put', FRESH).set('Accept', accept).set('Content-Type', 'text/plain')
    golden(`storage-created.${extension}`, await put.send([STORAGE, size(10)].join('\n')))
    const post = app.ask('post', '/storagelink/').set('Accept', accept).set('Content-Type', 'text/plain')
    golden(`storagelink-created.${extension}`, await post.send([LINK, ...ends(FRESH)].join('\n')))
    golden(`storage-in-use.${extension}`, await app.ask('delete', FRESH).set('Accept', accept))
  })
})

describe('a storage', () => {
  test('is made with its size, whole GiB, nothing less than asked for', async () => {
    const path = pathOf(await send('post', '/storage/', STORAGE, attribute('occi.storage.size', 1.5)))
    expect(recordOf(path)?.wish).toMatchObject({ sizeGiB: 2, zone: null, holder: null })
    expect(await text(path)).toContain('occi.storage.state="online"')
  })

  test('is made on the root and by PUT, too', async () => {
    expect(await statusOf(pathOf(await send('post', '/', STORAGE, size(1))))).toBe(200)
    expect((await send('put', FRESH, STORAGE, size(1))).status).toBe(201)
    expect((await send('put', '/storage/mine', STORAGE, size(1))).status).toBe(400)
  })

  test.each<[string, number, readonly string[]]>([
    ['no size', 400, [STORAGE]],
    ['a size of nothing', 400, [STORAGE, size(0)]],
    ['a size that none has', 400, [STORAGE, size(20_000)]],
    ['an attribute that it has not', 404, [STORAGE, size(1), attribute('occi.compute.cores', 1)]],
    ['another kind', 400, [COMPUTE_KIND]],
    ['no kind', 400, [size(1)]],
  ])('with %s is refused with %i', async (_what, status, lines) => {
    expect((await send('post', '/storage/', ...lines)).status).toBe(status)
    expect(app.operations.storages.size).toBe(0)
  })

  test('what was read can be sent back, by PUT and by POST', async () => {
    const path = await storage(attribute('occi.core.title', 'data'))
    const rendering = await text(path)
    for (const method of ['put', 'post'] as const) expect((await send(method, path, rendering)).status).toBe(200)
    expect(recordOf(path)?.wish).toMatchObject({ sizeGiB: 10, title: 'data', resized: null })
  })

  test('a PUT drops the title and the summary that it leaves out, a POST keeps them', async () => {
    const path = await storage(attribute('occi.core.title', 'data'), attribute('occi.core.summary', 'of all'))
    expect((await send('post', path, size(10))).status).toBe(200)
    expect(recordOf(path)?.wish).toMatchObject({ title: 'data', summary: 'of all' })
    expect((await send('put', path, STORAGE, size(10), attribute('occi.core.summary', 'of all'))).status).toBe(200)
    expect(recordOf(path)?.wish).toMatchObject({ title: null, summary: 'of all' })
    expect((await send('put', path, STORAGE, size(10))).status).toBe(200)
    expect(recordOf(path)?.wish).toMatchObject({ title: null, summary: null })
  })

  test('grows by PUT, by POST and by the action resize; never shrinks', async () => {
    const path = await storage()
    expect((await send('put', path, STORAGE, size(11))).status).toBe(200)
    expect((await send('post', path, size(12), attribute('occi.core.title', 'bigger'))).status).toBe(200)
    const action =
      'Category: resize; scheme="http://schemas.ogf.org/occi/infrastructure/storage/action#"; class="action"'
    expect((await send('post', `${path}?action=resize`, action, attribute('size', 13))).status).toBe(200)
    expect(recordOf(path)?.wish).toMatchObject({ sizeGiB: 13, title: 'bigger' })
    expect((await send('post', path, size(1))).status).toBe(400)
    expect((await send('post', `${path}?action=resize`)).status).toBe(400)
    expect((await send('post', path, attribute('occi.core.id', 'urn:uuid:1'))).status).toBe(403)
  })

  test('goes offline and online; offline it cannot be attached, attached it cannot go offline', async () => {
    const path = await storage()
    expect((await send('post', `${path}?action=online`)).status).toBe(409)
    expect((await send('post', `${path}?action=offline`)).status).toBe(200)
    expect(await text(path)).toContain('occi.storage.state="offline"')
    expect((await send('post', '/storagelink/', LINK, ...ends(path))).status).toBe(409)
    expect((await send('post', `${path}?action=online`)).status).toBe(200)
    await link(path)
    expect(await text(path)).not.toContain('action=offline')
    expect((await send('post', `${path}?action=offline`)).status).toBe(409)
  })

  test.each(['backup', 'snapshot'])('%s of one or all makes snapshots, and changes no state', async (term) => {
    const path = await storage()
    await storage()
    const before = await text(path)
    expect((await send('post', `${path}?action=${term}`)).status).toBe(200)
    expect((await send('post', `/storage/?action=${term}`)).status).toBe(200)
    const made = [...app.operations.snapshots.values()]
    expect(made.map(({ wish }) => wish.description)).toEqual(Array.from({ length: 3 }, () => `OCCI ${term}`))
    expect(await text(path)).toBe(before)
    expect(before).toContain(`?action=${term}>`)
  })

  test('an action that there is not is 404 and names those that there are', async () => {
    const answer = await send('post', `${await storage()}?action=explode`)
    expect([answer.status, answer.body]).toEqual([404, expect.stringContaining('online, offline, backup')])
  })

  test('is deleted, but not while a machine has it: the answer says which', async () => {
    const path = await storage()
    const its = await link(path)
    const refused = await app.ask('delete', path)
    const [machine] = app.operations.computes.values()
    expect([refused.status, String(refused.body)]).toEqual([409, expect.stringContaining(machine?.wish.name ?? '?')])
    expect((await app.ask('delete', '/storage/')).status).toBe(409)
    expect((await app.ask('delete', its)).status).toBe(200)
    expect([await statusOf(its), (await app.ask('delete', its)).status]).toEqual([404, 404])
    expect((await app.ask('delete', path)).status).toBe(200)
    expect([await statusOf(path), (await app.ask('delete', path)).status]).toEqual([404, 404])
  })

  test('a whole collection acts or goes at once, or not at all', async () => {
    await storage()
    await storage()
    expect((await send('post', '/storage/?action=offline')).status).toBe(200)
    expect([...app.operations.storages.values()].map(({ wish }) => wish.online)).toEqual([false, false])
    expect((await send('post', '/storage/?action=offline')).status).toBe(409)
    expect((await app.ask('delete', '/storage/')).status).toBe(200)
    expect(app.operations.storages.size).toBe(0)
  })

  test('another user sees nothing of it', async () => {
    const path = await storage()
    expect((await app.ask('get', path).set('x-test-user', 'bob')).status).toBe(404)
    expect((await app.ask('delete', path).set('x-test-user', 'bob')).status).toBe(404)
    expect((await app.ask('get', '/storage/').set('x-test-user', 'bob').set('Accept', 'text/plain')).body).toBe('')
  })

  test('tells what is wrong with it; 1.1 knows no state error', async () => {
    const path = await storage()
    app.operations.changeRecord(path.slice('/storage/'.length), {
      journal: { stuck: { since: 1, message: 'no space left on device' } },
    })
    expect(await text(path)).toMatch(/state="error"[\s\S]*no space left on device/)
    const old = await app.ask('get', path).set('Accept', 'text/plain').set('User-Agent', 'x OCCI/1.1')
    expect(String(old.body)).toContain('occi.storage.state="offline"')
  })
})

describe('a storagelink', () => {
  test('gets a device when none is given, and the one that is', async () => {
    const first = await link(await storage())
    expect(await text(first)).toMatch(/deviceid="\/dev\/sdf"[\s\S]*state="active"/)
    const second = await link(await storage(), attribute('occi.storagelink.deviceid', '/dev/vdb'))
    expect(await text(second)).toContain('deviceid="/dev/vdb"')
    const taken = [LINK, ...ends(await storage()), attribute('occi.storagelink.deviceid', '/dev/vdb')]
    expect((await send('post', '/storagelink/', ...taken)).status).toBe(400)
  })

  test('in JSON, with ends as objects', async () => {
    const volume = await storage()
    const kind = 'http://schemas.ogf.org/occi/infrastructure#storagelink'
    const body = {
      kind,
      attributes: { 'occi.storagelink.deviceid': '/dev/vdc' },
      source: { location: compute },
      target: { location: volume },
    }
    const made = await app
      .ask('post', '/storagelink/')
      .set('Content-Type', 'application/occi+json')
      .send(JSON.stringify(body))
    expect(made.status).toBe(201)
    expect(recordOf(volume)?.wish.holder).toMatchObject({ device: '/dev/vdc' })
  })

  test('inline at the creation of a compute', async () => {
    const volume = await storage()
    const inline = `Link: <${volume}>; rel="http://schemas.ogf.org/occi/infrastructure#storage"; category="http://schemas.ogf.org/occi/infrastructure#storagelink"; occi.storagelink.deviceid="/dev/vdb"`
    await created(app, inline)
    expect(app.operations.orders.at(-1)?.attach).toEqual([
      { storage: volume.slice('/storage/'.length), device: '/dev/vdb' },
    ])
    await created(app, `Link: <${volume}>; rel="http://schemas.ogf.org/occi/infrastructure#storage"`)
    expect(app.operations.orders.at(-1)?.attach).toEqual([{ storage: volume.slice('/storage/'.length) }])
  })

  test.each<[string, number, (volume: string) => readonly string[]]>([
    ['no source', 400, (volume) => [attribute('occi.core.target', volume)]],
    ['no target', 400, () => [attribute('occi.core.source', compute)]],
    [
      'a target that is no storage',
      404,
      () => [attribute('occi.core.source', compute), attribute('occi.core.target', compute)],
    ],
    [
      'a machine that is not there',
      404,
      (volume) => [attribute('occi.core.source', `/compute${FRESH.slice(8)}`), attribute('occi.core.target', volume)],
    ],
    ['a device that is none', 400, (volume) => [...ends(volume), attribute('occi.storagelink.deviceid', 'tape')]],
  ])('with %s is refused with %i', async (_what, status, lines) => {
    const volume = await storage()
    expect((await send('post', '/storagelink/', LINK, ...lines(volume))).status).toBe(status)
    expect(recordOf(volume)?.wish.holder).toBeNull()
  })

  test('one volume, one machine; what a link joins is not changed', async () => {
    const volume = await storage()
    const path = await link(volume)
    expect((await send('post', '/storagelink/', LINK, ...ends(volume))).status).toBe(409)
    expect((await send('put', path, await text(path))).status).toBe(200)
    expect((await send('post', path, attribute('occi.storagelink.deviceid', '/dev/vdz'))).status).toBe(409)
    expect((await send('post', path, attribute('occi.core.target', FRESH))).status).toBe(409)
  })
})

describe('several at once', () => {
  const kind = 'http://schemas.ogf.org/occi/infrastructure#storage'
  const described = (...sizes: readonly unknown[]) =>
    JSON.stringify({ resources: sizes.map((size) => ({ kind, attributes: { 'occi.storage.size': size } })) })
  const post = (path: string, body: string) =>
    app.ask('post', path).set('Content-Type', 'application/occi+json').set('Accept', 'text/plain').send(body)

  test.each(['/storage/', '/'])('at %s: all are made, their collection is the answer', async (path) => {
    const answer = await post(path, described(1, 2))
    expect([answer.status, answer.headers.location]).toEqual([201, `${BASE}/storage/`])
    expect(String(answer.body).split('\n')).toEqual(
      [...app.operations.storages.keys()].map((id) => `X-OCCI-Location: ${BASE}/storage/${id}`),
    )
    expect([...app.operations.storages.values()].map(({ wish }) => wish.sizeGiB)).toEqual([1, 2])
  })

  test.each<[string, string, string, number]>([
    ['one that cannot be', '/storage/', described(1, 0), 400],
    ['one without a size', '/storage/', described(1, undefined), 400],
    ['none', '/storage/', described(), 400],
    ['more than a thousand', '/storage/', described(...Array.from({ length: 1001 }, () => 1)), 413],
    ['at the path of one', FRESH, described(1, 2), 400],
    ['links', '/storagelink/', described(1, 2), 400],
    [
      'two kinds',
      '/',
      JSON.stringify({ resources: [{ kind }, { kind: 'http://schemas.ogf.org/occi/infrastructure#compute' }] }),
      400,
    ],
  ])('with %s nothing is made', async (_what, path, body, status) => {
    const method = path === FRESH ? 'put' : 'post'
    const answer = await app.ask(method, path).set('Content-Type', 'application/occi+json').send(body)
    expect([answer.status, app.operations.storages.size, app.operations.computes.size]).toEqual([status, 0, 1])
  })

  test('all links go by their collection, and come back to nothing', async () => {
    const volumes = [await storage(), await storage()]
    for (const volume of volumes) await link(volume)
    expect((await app.ask('delete', '/storagelink/')).status).toBe(200)
    for (const volume of volumes) expect(recordOf(volume)?.wish.holder).toBeNull()
    expect((await app.ask('get', '/storagelink/').set('Accept', 'text/plain')).body).toBe('')
    expect((await app.ask('delete', '/storagelink/')).status).toBe(200)
    expect((await send('post', '/storagelink/?action=start')).status).toBe(404)
  })
})

describe('mixins of the users’ own', () => {
  const TAG = 'Category: blue; scheme="https://cloud.example.org/user/ann#"; class="mixin"'
  const ID = 'https://cloud.example.org/user/ann#blue'
  const tagged = async (path: string) => JSON.parse((await app.ask('get', path).set('Accept', 'application/json')).body)
  const listed = async () => (await app.ask('get', '/tags/blue/').set('Accept', 'text/uri-list')).body
  beforeEach(async () => {
    await send('post', '/-/', `${TAG}; location="/tags/blue/"`)
  })

  test('are put on storages and their links, and taken off, by the mixin’s collection', async () => {
    const volume = await storage()
    const its = await link(volume)
    const both = [volume, its].map((path) => `X-OCCI-Location: ${BASE}${path}`)
    expect((await send('put', '/tags/blue/', ...both)).status).toBe(200)
    for (const path of [volume, its]) expect((await tagged(path)).mixins).toContain(ID)
    expect(await text(compute)).toContain(`storagelink ${ID}"`)
    expect(await listed()).toBe([volume, its].map((path) => BASE + path).join('\n'))
    const gone = app.ask('delete', '/tags/blue/').set('Content-Type', 'text/plain').send(both[0])
    expect((await gone).status).toBe(200)
    expect((await tagged(volume)).mixins).not.toContain(ID)
    expect((await tagged(its)).mixins).toContain(ID)
    expect((await app.ask('delete', '/tags/blue/')).status).toBe(200)
    expect((await tagged(its)).mixins ?? []).not.toContain(ID)
  })

  test('are named at creation and update; a PUT that does not name one takes it off', async () => {
    const path = await storage(TAG)
    expect((await tagged(path)).mixins).toContain(ID)
    expect((await send('put', path, await text(path))).status).toBe(200)
    expect((await tagged(path)).mixins).toContain(ID)
    expect((await send('put', path, STORAGE, size(10))).status).toBe(200)
    expect((await tagged(path)).mixins).not.toContain(ID)
    expect((await send('post', path, TAG)).status).toBe(200)
    expect((await tagged(path)).mixins).toContain(ID)
    await send('post', path, attribute('occi.core.title', 'kept'))
    expect((await tagged(path)).mixins).toContain(ID)
  })

  test('filter storages, and go where the collection of the mixin is deleted as a path', async () => {
    const [one, two] = [await storage(TAG), await storage()]
    const filtered = await app.ask('get', '/storage/').set('Accept', 'text/uri-list').set('Category', TAG.slice(10))
    expect(filtered.body).toBe(BASE + one)
    expect((await app.ask('delete', `/?category=${encodeURIComponent(ID)}`)).status).toBe(200)
    expect([await statusOf(one), await statusOf(two)]).toEqual([404, 200])
  })
})

describe('paths with computes and storages below them', () => {
  beforeEach(async () => {
    const tag = 'Category: mine; scheme="https://cloud.example.org/user/ann#"; class="mixin"; location="/mine/all/"'
    await send('post', '/-/', tag)
  })
  const collect = (...paths: readonly string[]) =>
    send('put', '/mine/all/', ...paths.map((path) => `X-OCCI-Location: ${BASE}${path}`))

  test('a volume goes with the machine that has it, others as they are', async () => {
    const [held, free, other] = [await storage(), await storage(), await storage()]
    await link(held)
    await collect(compute, held, free)
    expect((await app.ask('delete', '/mine/')).status).toBe(200)
    expect([await statusOf(compute), await statusOf(held), await statusOf(free)]).toEqual([404, 404, 404])
    expect(await statusOf(other)).toBe(200)
  })

  test('one that another machine has keeps all', async () => {
    const [held, free] = [await storage(), await storage()]
    await link(held)
    await collect(held, free)
    expect((await app.ask('delete', '/mine/')).status).toBe(409)
    expect([await statusOf(compute), await statusOf(held), await statusOf(free)]).toEqual([200, 200, 200])
  })
})
