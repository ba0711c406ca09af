import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asFault } from '../../../../src/faults'
import { openModel } from '../../../../src/occi/model'
import { COMPUTE, COMPUTE_ACTIONS, NETWORK, RESOURCE_TPL } from '../../../../src/occi/model/names'

const terms = (all: readonly { readonly term: string }[]) => all.map(({ term }) => term)

describe('our own files', () => {
  const model = openModel()

  test('kinds are announced core first, with the actions that are served and no others', () => {
    expect(terms(model.announced.kinds)).toEqual([
      'entity',
      'resource',
      'link',
      'compute',
      'network',
      'networkinterface',
      'storage',
      'storagelink',
      'securitygroup',
      'securitygrouplink',
      'ipreservation',
      'placementgroup',
      'reservation',
    ])
    const served = [
      ...['start', 'stop', 'restart', 'suspend', 'save', 'up', 'down', 'up', 'down'],
      ...['online', 'offline', 'backup', 'snapshot', 'resize'],
    ]
    expect(terms(model.announced.actions)).toEqual(served)
    expect(model.announced.kinds.find(({ id }) => id === COMPUTE)?.actions).toHaveLength(5)
    expect(model.announced.kinds.find(({ id }) => id === NETWORK)?.actions).toHaveLength(2)
  })

  test('attributes of the parents come first', () => {
    const names = [...(model.announced.kinds.find(({ id }) => id === COMPUTE)?.attributes.keys() ?? [])]
    expect(names.slice(0, 3)).toEqual(['occi.core.id', 'occi.core.title', 'occi.core.summary'])
    expect(names).toEqual(
      expect.arrayContaining(
        ['architecture', 'cores', 'hostname', 'share', 'speed', 'memory', 'state', 'state.message'].map(
          (name) => `occi.compute.${name}`,
        ),
      ),
    )
  })

  test('the actions of OCCI 1.1 on a storage are announced too', () => {
    const scheme = 'http://schemas.ogf.org/occi/infrastructure/storage/action#'
    expect(model.find(`${scheme}backup`)?.class).toBe('action')
    const announced = model.announced.actions.filter((action) => action.scheme === scheme)
    expect(terms(announced)).toEqual(['online', 'offline', 'backup', 'snapshot', 'resize'])
  })

  test('mixins apply to what is served', () => {
    const served = new Set(model.announced.kinds.map(({ id }) => id))
    for (const { applies } of model.announced.mixins) for (const kind of applies) expect(served).toContain(kind)
  })

  test('a kind requires of clients only what pOCCI can fill in (§13.8)', () => {
    const allowed = [
      'occi.core.title',
      'occi.storage.size',
      'occi.storagelink.deviceid',
      'occi.core.source',
      'occi.core.target',
    ]
    for (const { attributes } of model.announced.kinds)
      for (const one of attributes.values()) if (one.required && one.mutable) expect(allowed).toContain(one.name)
  })

  test('terms, names and titles hold nothing that a known client trips over (§13.22, §13.25)', () => {
    const { kinds, mixins, actions } = model.announced
    for (const { term, title, attributes } of [...kinds, ...mixins, ...actions]) {
      expect(term).toMatch(/^[a-z][a-z0-9_-]*$/)
      expect(title).not.toMatch(/[;,"]/)
      for (const name of attributes.keys()) expect(name).toMatch(/^[a-z0-9._-]+$/)
    }
  })
})

describe("an operator's folder", () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mixins-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const number = (value: unknown) => ({ type: 'number', mutable: false, required: false, default: value })
  const good = {
    term: 'huge',
    scheme: 'http://example.org/sizes#',
    title: 'Huge',
    location: '/mixin/resource_tpl/huge/',
    depends: [RESOURCE_TPL],
    applies: [COMPUTE],
    attributes: { 'occi.compute.cores': number(16), 'occi.compute.memory': number(32.5) },
  }
  const open = (content: unknown, name = 'huge.json') => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
    return openModel({ more: folder })
  }
  const refusal = (content: unknown) => {
    try {
      open(content)
    } catch (thrown) {
      return asFault(thrown)
    }
    throw new Error('it was taken')
  }

  test('a file adds a size', () => {
    const { sizes } = open({ mixins: [good] })
    expect(sizes).toMatchObject([
      { id: 'http://example.org/sizes#huge', gives: { what: 'sizes', cores: 16, memoryMiB: 33280 } },
    ])
  })

  const tag = { term: 'gold', scheme: 'http://example.org/service#', location: '/service/gold/', applies: [COMPUTE] }

  test('a file adds a tag, which is announced and named in records', () => {
    const { tags, announced, sizes } = open({ mixins: [tag] }, 'gold.json')
    expect([sizes, tags]).toMatchObject([[], [{ id: 'http://example.org/service#gold', own: expect.any(String) }]])
    expect(announced.mixins.filter(({ term }) => term === 'gold')).toEqual(tags)
  })

  test('other files there are left alone', () => {
    writeFileSync(join(folder, 'README.md'), '# mine')
    expect(openModel({ more: folder }).sizes).toEqual([])
  })

  test('a folder that is not there is named', () => {
    expect(() => openModel({ more: join(folder, 'none') })).toThrow(join(folder, 'none'))
  })

  /** Change, key named, part of the reason. */
  test.each<[string, unknown, string, string]>([
    ['no JSON', '{"mixins":', '', 'JSON'],
    ['empty', {}, '', 'fewer than 1'],
    ['unknown member of the file', { mixin: [] }, '', 'mixin'],
    ['unknown member', { mixins: [{ ...good, aplies: [] }] }, 'mixins[0]', 'aplies'],
    ['no location', { mixins: [{ ...good, location: undefined }] }, 'mixins[0]', 'location'],
    ['capitals in the term', { mixins: [{ ...good, term: 'Huge' }] }, 'mixins[0].term', 'pattern'],
    [
      'a scheme without #',
      { mixins: [{ ...good, scheme: 'http://example.org/sizes' }] },
      'mixins[0].scheme',
      'pattern',
    ],
    ['a location that is a URL', { mixins: [{ ...good, location: 'http://x/y/' }] }, 'mixins[0].location', 'pattern'],
    ['a semicolon in the title', { mixins: [{ ...good, title: 'a;b' }] }, 'mixins[0].title', 'pattern'],
    [
      'a category that nobody knows',
      { mixins: [{ ...good, applies: ['http://x#y'] }] },
      'mixins[0].applies',
      'http://x#y',
    ],
    ['a term that is taken', { mixins: [good, { ...good, location: '/other/' }] }, 'mixins[1].term', 'taken'],
    [
      'a location that is taken',
      { mixins: [{ ...good, location: '/compute/' }] },
      'mixins[0].location',
      'compute.json',
    ],
    [
      'an action of its own',
      { mixins: [{ ...tag, actions: [`${COMPUTE_ACTIONS}stop`] }] },
      'mixins[0].actions',
      'no actions',
    ],
    ['a path of another front', { mixins: [{ ...tag, location: '/api/v1/gold/' }] }, 'mixins[0].location', 'answered'],
    ['an action', { actions: [{ term: 'go', scheme: 'http://x#', title: 'Go' }] }, 'actions[0]', 'only mixins'],
    ['no size', { mixins: [{ ...good, depends: undefined }] }, 'mixins[0].depends', 'resource_tpl'],
    [
      'half a size',
      { mixins: [{ ...good, attributes: { 'occi.compute.cores': number(1) } }] },
      'mixins[0].attributes.occi.compute.memory',
      'GiB',
    ],
    [
      'half a core',
      { mixins: [{ ...good, attributes: { ...good.attributes, 'occi.compute.cores': number(0.5) } }] },
      'mixins[0].attributes.occi.compute.cores',
      'whole',
    ],
    [
      'a default of another type',
      { mixins: [{ ...good, attributes: { ...good.attributes, 'occi.compute.cores': number('4') } }] },
      'mixins[0].attributes.occi.compute.cores',
      'default',
    ],
    [
      'an attribute that nothing keeps',
      { mixins: [{ ...good, attributes: { ...good.attributes, 'com.example.x': number(1) } }] },
      'mixins[0].attributes.com.example.x',
      'only',
    ],
    [
      'a pattern that is no JSON Schema',
      {
        mixins: [
          {
            ...good,
            attributes: { ...good.attributes, 'occi.compute.cores': { ...number(1), pattern: { typ: 'x' } } },
          },
        ],
      },
      'mixins[0].attributes.occi.compute.cores',
      'typ',
    ],
    [
      'a capital in a name',
      { mixins: [{ ...good, attributes: { 'com.Example': number(1) } }] },
      'mixins[0].attributes',
      'com.Example',
    ],
    [
      'a kind without its parent',
      {
        kinds: [{ term: 'a', scheme: 'http://x#', title: 'A', parent: 'http://x#b', attributes: { 'x.y': number(1) } }],
      },
      'kinds[0].parent',
      'http://x#b',
    ],
    [
      'a kind that descends from itself',
      {
        kinds: [{ term: 'a', scheme: 'http://x#', title: 'A', parent: 'http://x#a', attributes: { 'x.y': number(1) } }],
      },
      'kinds[0].parent',
      'itself',
    ],
  ])('%s: refused with file, key and reason', (_name, content, key, reason) => {
    const { kind, message, detail } = refusal(content)
    expect(kind).toBe('invalid')
    expect(message).toContain(join(folder, 'huge.json'))
    expect(detail.field).toBe(key)
    expect(message).toContain(reason)
  })
})
