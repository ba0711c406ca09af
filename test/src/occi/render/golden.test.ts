/** Every rendering of everything that is shown, byte by byte: test/golden/occi/. Rewritten by UPDATE_GOLDEN=1. */

import { expectGolden } from '../../../support/golden'
import { COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

const RENDERINGS = [
  ['text/plain', 'txt'],
  ['text/occi', 'occi'],
  ['application/occi+json', 'json'],
  ['text/uri-list', 'uri'],
] as const
const HEADERS = ['location', 'category', 'link', 'x-occi-attribute', 'x-occi-location', 'content-type', 'allow']

let app: OcciApp
let compute: string
beforeEach(async () => {
  app = occiApp()
  compute = await created(
    app,
    'X-OCCI-Attribute: occi.core.title="web \\"one\\", Gr\u00fc\u00dfe"',
    'X-OCCI-Attribute: occi.core.summary="a server; for tests"',
    'X-OCCI-Attribute: occi.compute.hostname="web1.example.org"',
  )
})

interface Seen {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Status, the headers that say something, body; JSON indented so that a review can read it. */
function written({ status, headers, body }: Seen): string {
  const shown = HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${readable(headers[name])}`]))
  const type = headers['content-type'] ?? ''
  const text = type.includes('json') ? `${JSON.stringify(JSON.parse(String(body)), null, 2)}\n` : String(body)
  return `${[`${status}`, ...shown].join('\n')}\n\n${text}`
}

/** Node reads the UTF-8 of a header as Latin-1. */
const readable = (header: string | undefined): string => Buffer.from(header ?? '', 'latin1').toString('utf8')

describe.each(RENDERINGS)('%s', (accept, extension) => {
  const get = (path: string) => app.ask('get', path).set('Accept', accept)

  test.each([
    ['model', '/-/'],
    ['computes', '/compute/'],
    ['everything', '/'],
    ['template-members', '/mixin/os_tpl/'],
    ['networks', '/network/'],
    ['nothing', '/resource/'],
    ['network', '/network/dddddddd-0000-4000-8000-000000000001'],
    ['no-such-compute', '/compute/99999999-2222-4333-8444-555555555555'],
  ])('%s', async (name, path) => {
    expectGolden(`occi/${name}.${extension}`, written(await get(path)))
  })

  test('compute, and its interface', async () => {
    expectGolden(`occi/compute.${extension}`, written(await get(compute)))
    const id = /\/networkinterface\/[0-9a-f-]+/.exec((await app.ask('get', '/networkinterface/')).body)?.[0] ?? ''
    expectGolden(`occi/networkinterface.${extension}`, written(await get(id)))
  })

  test('compute that failed, to 1.2 and to 1.1', async () => {
    app.operations.change(compute.slice('/compute/'.length), {
      journal: { failed: { message: 'the disk cannot be made: it is full', at: 1, retries: 0 } },
    })
    expectGolden(`occi/compute-failed.${extension}`, written(await get(compute)))
    expectGolden(`occi/compute-failed-1.1.${extension}`, written(await get(compute).set('User-Agent', 'x OCCI/1.1')))
  })

  test('creation', async () => {
    const answer = app
      .ask('post', '/compute/')
      .set('Accept', accept)
      .set('Content-Type', 'text/plain')
      .send(COMPUTE_KIND)
    expectGolden(`occi/created.${extension}`, written(await answer))
  })

  test('action, accepted and refused', async () => {
    const stop = () => app.ask('post', `${compute}?action=stop`).set('Accept', accept)
    expectGolden(`occi/stopped.${extension}`, written(await stop()))
    expectGolden(`occi/stop-refused.${extension}`, written(await stop()))
  })

  test("a user's mixin: in the model, on a compute and its interface, as a collection", async () => {
    const scheme = 'https://cloud.example.org/user/ann#'
    const nic = /\/networkinterface\/[0-9a-f-]+/.exec((await app.ask('get', '/networkinterface/')).body)?.[0] ?? ''
    const mixin = { term: 'blue', scheme, location: '/tags/blue/', title: 'Blue things' }
    const made = app.ask('post', '/-/').set('Accept', accept).set('Content-Type', 'application/json')
    expectGolden(`occi/mixin-made.${extension}`, written(await made.send(JSON.stringify(mixin))))
    const both = JSON.stringify([compute, nic])
    await app.ask('post', '/-/').set('Content-Type', 'application/json').send(JSON.stringify(mixin))
    const put = app.ask('put', '/tags/blue/').set('Accept', accept).set('Content-Type', 'application/json')
    expectGolden(`occi/mixin-filled.${extension}`, written(await put.send(both)))
    await app.ask('put', '/tags/blue/').set('Content-Type', 'application/json').send(both)
    expectGolden(`occi/mixin-on-compute.${extension}`, written(await get(compute)))
    expectGolden(
      `occi/mixin-in-model.${extension}`,
      written(await get(`/-/?category=${encodeURIComponent(`${scheme}blue`)}`)),
    )
  })

  test('deletion', async () => {
    expectGolden(`occi/deleted.${extension}`, written(await app.ask('delete', compute).set('Accept', accept)))
  })
})
