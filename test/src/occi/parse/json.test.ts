import { Fault } from '../../../../src/faults'
import { parseJson } from '../../../../src/occi/parse/json'

const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#'
const read = (content: unknown) => parseJson(JSON.stringify(content))
const pairs = (content: unknown) => read(content).attributes.map(({ name, value }) => [name, value])

const refusal = (run: () => unknown): Fault => {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
  throw new Error('nothing was refused')
}

test('a resource: kind, mixins, attributes, links', () => {
  const document = read({
    kind: `${INFRASTRUCTURE}compute`,
    id: 'urn:uuid:2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0c',
    title: 'web one',
    mixins: ['https://cloud.example.org/occi/os#debian12'],
    attributes: { 'occi.compute.cores': 2 },
    actions: ['http://schemas.ogf.org/occi/infrastructure/compute/action#stop'],
    links: [
      {
        kind: `${INFRASTRUCTURE}networkinterface`,
        id: 'urn:uuid:55aa4c6e-7a43-4a40-8a35-6f1d2d0c0055',
        mixins: ['http://a#ip'],
        attributes: { 'occi.networkinterface.mac': '52:54:00:12:34:56' },
        source: { location: '/compute/x' },
        target: { location: '/network/10', kind: `${INFRASTRUCTURE}network` },
      },
    ],
  })
  expect(document.categories.map(({ id, class: of }) => [id, of])).toEqual([
    [`${INFRASTRUCTURE}compute`, 'kind'],
    ['https://cloud.example.org/occi/os#debian12', 'mixin'],
  ])
  expect(document.attributes.map(({ name, value }) => [name, value])).toEqual([
    ['occi.compute.cores', 2],
    ['occi.core.title', 'web one'],
    ['occi.core.id', 'urn:uuid:2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0c'],
  ])
  expect(document.links).toMatchObject([
    {
      target: '/network/10',
      rel: [`${INFRASTRUCTURE}network`],
      category: [`${INFRASTRUCTURE}networkinterface`, 'http://a#ip'],
      attributes: [{ name: 'occi.networkinterface.mac', value: '52:54:00:12:34:56' }],
    },
  ])
})

test('title and summary on top win over those among the attributes', () => {
  const attributes = { 'occi.core.title': 'below', 'occi.core.summary': 'only here' }
  expect(pairs({ kind: 'a#b', title: 'top', attributes })).toEqual([
    ['occi.core.summary', 'only here'],
    ['occi.core.title', 'top'],
  ])
})

test('an action invocation', () => {
  const document = read({ action: 'http://a#stop', attributes: { method: 'graceful' } })
  expect(document.categories).toMatchObject([{ id: 'http://a#stop', class: 'action' }])
  expect(document.attributes).toMatchObject([{ name: 'method', value: 'graceful' }])
})

test('a collection of one is that one; several are told side by side', () => {
  expect(read({ resources: [{ kind: 'a#b', title: 't' }] }).categories).toMatchObject([{ id: 'a#b' }])
  expect(read({ links: [{ kind: 'a#b', target: { location: '/x' } }] }).categories).toMatchObject([{ id: 'a#b' }])
  const two = read({ resources: [{ kind: 'a#b' }], links: [{ kind: 'a#c', target: '/x' }] })
  expect(two.entities?.map(({ categories }) => categories[0]?.id)).toEqual(['a#b', 'a#c'])
  expect([two.categories, read({ resources: [] }).entities]).toEqual([[], []])
  expect(refusal(() => read({ resources: Array(1001).fill({ kind: 'a#b' }) })).kind).toBe('too-large')
})

test('an array of locations', () => {
  expect(read(['/compute/1', 'http://a.example/compute/2']).locations).toEqual([
    '/compute/1',
    'http://a.example/compute/2',
  ])
})

describe('the draft of 1.1 days', () => {
  test('nested attributes', () => {
    const attributes = {
      occi: { compute: { cores: 2, memory: 1.5 }, core: { title: 'deep' } },
      com: { example: { x: 'y' } },
    }
    expect(pairs({ kind: 'a#b', attributes })).toEqual([
      ['occi.compute.cores', 2],
      ['occi.compute.memory', 1.5],
      ['occi.core.title', 'deep'],
      ['com.example.x', 'y'],
    ])
  })

  test('targets as plain strings', () => {
    const { links } = read({ kind: 'a#b', links: [{ kind: 'c#d', target: '/network/1', rel: 'e#f' }] })
    expect(links).toMatchObject([{ target: '/network/1', rel: ['e#f'], category: ['c#d'] }])
  })
})

describe('links that a draft describes beside the resource that names them', () => {
  const link = (id: string, more: object = {}) => ({ id, kind: 'c#d', target: `/network/${id}`, ...more })
  const compute = (...links: readonly unknown[]) => ({ kind: 'a#b', links })

  test('are its own, in the order in which it names them, by id or location', () => {
    const links = [link('one'), link('two', { location: '/link/2' }), link('other')]
    const { entities } = read({ resources: [compute('/link/2', 'one'), compute()], links })
    expect(entities?.map((one) => one.links.map(({ target }) => target))).toEqual([
      ['/network/two', '/network/one'],
      [],
      [],
    ])
    expect(entities?.[2]?.attributes).toMatchObject([
      { name: 'occi.core.id', value: 'other', where: { field: 'links[2].id' } },
      { name: 'occi.core.target' },
    ])
  })

  test.each<readonly [string, readonly unknown[], readonly unknown[]]>([
    ['is described nowhere', [compute('one')], [link('two')]],
    ['is described twice', [compute('one')], [link('one'), link('one')]],
    ['is named twice by one', [compute('one', 'one')], [link('one')]],
    ['is named by two', [compute('one'), compute('one')], [link('one')]],
    ['is named by both of its names', [compute('one', '/link/1')], [link('one', { location: '/link/1' })]],
  ])('one that %s is refused by name', (_what, resources, links) => {
    const { kind, detail } = refusal(() => read({ resources, links }))
    expect([kind, detail.field]).toEqual(['malformed', `resources[${resources.length - 1}].links`])
  })

  test('more of them than go into one request are not looked at', () => {
    const named = Array(25_000).fill({ links: ['b'] })
    expect(refusal(() => read({ resources: named, links: [link('b')] })).kind).toBe('too-large')
    expect(refusal(() => read({ resources: [compute('b')], links: Array(1001).fill(link('b')) })).kind).toBe(
      'too-large',
    )
    expect(refusal(() => read({ resources: [compute(...Array(120_000).fill('b'))], links: [link('b')] })).kind).toBe(
      'malformed',
    )
  })
})

describe('refused, naming the key', () => {
  test.each([
    ['null', 'the body'],
    ['3', 'the body'],
    ['"x"', 'the body'],
    ['[1]', '[0]'],
    ['{"kind":1}', 'kind'],
    ['{"kind":"a#b","mixins":"c#d"}', 'mixins'],
    ['{"kind":"a#b","mixins":[{}]}', 'mixins[0].scheme'],
    ['{"kind":"a#b","mixin":["c#d"]}', 'mixin'],
    ['{"kind":"a#b","attributes":[]}', 'attributes'],
    ['{"kind":"a#b","attributes":null}', 'attributes'],
    ['{"kind":"a#b","title":5}', 'title'],
    ['{"kind":"a#b","links":{}}', 'links'],
    ['{"kind":"a#b","links":["x"]}', 'links[0]'],
    ['{"kind":"a#b","links":[{"kind":"c#d"}]}', 'links[0].target'],
    ['{"kind":"a#b","links":[{"target":{}}]}', 'links[0].target.location'],
    ['{"action":{}}', 'action'],
    ['{"action":"a#b","how":"now"}', 'how'],
    ['{"resources":[3]}', 'resources[0]'],
    ['{"resources":[{"kind":"a#b"}],"more":1}', 'more'],
  ])('%s', (text, field) => {
    const { kind, detail } = refusal(() => parseJson(text))
    expect([kind, detail.field]).toEqual(['malformed', field])
  })

  test.each([
    ['', { line: 1, column: 1 }],
    ['{', { line: 1, column: 2 }],
    ['{"a":1,\n  b:2}', { line: 2, column: 3 }],
  ])('%j is no JSON: line and column', (text, position) => {
    expect(refusal(() => parseJson(text)).detail.position).toEqual(position)
  })

  test('nesting has an end, however deep it goes', () => {
    const deep = (levels: number) =>
      `{"kind":"a#b","attributes":{"occi":${'{"x":'.repeat(levels)}1${'}'.repeat(levels)}}}`
    expect(parseJson(deep(5)).attributes).toHaveLength(1)
    expect(refusal(() => parseJson(deep(50))).kind).toBe('malformed')
    expect(refusal(() => parseJson('['.repeat(200_000))).kind).toBe('malformed')
  })

  test.each([
    [
      'links in links',
      (levels: number) => `{"kind":"a#b","links":${'[{"links":'.repeat(levels)}[]${'}]'.repeat(levels)}}`,
    ],
    ['an array as a value', (levels: number) => `{"attributes":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}`],
    [
      'an object as a value',
      (levels: number) => `{"attributes":{"x":${'{"y":'.repeat(levels)}1${'}'.repeat(levels)}}}`,
    ],
    ['nothing but arrays', (levels: number) => '['.repeat(levels) + ']'.repeat(levels)],
  ])('%s, a hundred thousand levels deep, are refused as such', (_what, nested) => {
    for (const levels of [33, 100_000]) {
      const { kind, detail, message } = refusal(() => parseJson(nested(levels)))
      expect([kind, detail.field, message]).toEqual(['malformed', 'the body', 'the body is nested too deeply'])
    }
  })

  test('what stands at the deepest level that is read is read', () => {
    const value = `${'['.repeat(30)}${']'.repeat(30)}`
    expect(parseJson(`{"attributes":{"x":${value}}}`).attributes).toMatchObject([{ value: JSON.parse(value) }])
  })

  test('more than a thousand of anything, in a collection too', () => {
    const mixins = Array.from({ length: 1001 }, (_, n) => `a#m${n}`)
    expect(refusal(() => read({ kind: 'a#b', mixins })).kind).toBe('too-large')
    expect(refusal(() => read({ resources: [{ kind: 'a#b' }, { kind: 'a#b', mixins }] })).kind).toBe('too-large')
  })
})

test.each<[string, unknown, unknown]>([
  ['array', Array(1000).fill(0), Array(1001).fill(0)],
  ['text', 'x'.repeat(32 * 1024), 'x'.repeat(32 * 1024 + 1)],
])('an %s as a value has a limit: of an entity, of a link, in a collection', (_what, fits, over) => {
  const all = (value: unknown) => [
    { kind: 'a#b', attributes: { 'x.y': value } },
    { kind: 'a#b', attributes: { occi: { x: value } } },
    { kind: 'a#b', links: [{ kind: 'a#c', target: '/x', attributes: { 'x.y': value } }] },
    { resources: [{ kind: 'a#b' }, { kind: 'a#b', attributes: { 'x.y': value } }] },
  ]
  for (const body of all(fits)) expect(() => read(body)).not.toThrow()
  for (const body of all(over)) expect(refusal(() => read(body)).kind).toBe('too-large')
})

test('names that objects inherit are names like any other', () => {
  const { attributes } = parseJson('{"kind":"a#b","attributes":{"__proto__":1,"constructor":2,"toString":3}}')
  expect(attributes.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'toString'])
})
