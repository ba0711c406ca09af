/** The manner of the Lua files, and that both sides of the key names say the same. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostId } from '../../../src/model/ids'
import { keysOf, queuePrefix } from '../../../src/store/keys'
import { RECORD_FIELDS } from '../../../src/store/record'
import { loadScript } from '../../../src/store/script'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, hostRef, make, openTestSite, P1 } from '../../support/store'
import { useOf } from '../../support/use'

const FOLDER = join(__dirname, '../../../src/store/scripts')
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.lua'))
  .map((name) => name.slice(0, -'.lua'.length))
const include = (name: string) => readFileSync(join(FOLDER, 'include', `${name}.lua`), 'utf8')

describe.each(names)('scripts/%s.lua', (name) => {
  const { text, sha } = loadScript(name)

  test('says what it does, its KEYS, its ARGV and its result', () => {
    const source = readFileSync(join(FOLDER, `${name}.lua`), 'utf8')
    expect(source).toMatch(/^-- [A-Z]/)
    for (const word of ['KEYS[1]', 'ARGV', 'Result']) expect(source).toContain(`-- ${word}`)
  })

  test('decodes no record, asks no clock and draws no lots', () => {
    expect(text).not.toMatch(/cjson|cmsgpack|'TIME'|math\.random|RANDOMKEY/)
  })

  test('has all that it includes, once', () => {
    expect(text).not.toContain('@include')
    expect(text.split('local ROOT = KEYS[1]')).toHaveLength(2)
    expect(sha).toMatch(/^[0-9a-f]{40}$/)
  })

  test('has a TypeScript file of its own, or of its subject', () => {
    const files = readdirSync(join(FOLDER, '..')).filter((file) => file.endsWith('.ts'))
    const callers = files.filter((file) =>
      readFileSync(join(FOLDER, '..', file), 'utf8').includes(`loadScript('${name}')`),
    )
    expect(callers).toHaveLength(1)
  })
})

describe('keys', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  test('keys.ts and keys.lua name the same ones, all under the hash tag of the site', async () => {
    const site = await openTestSite(redis)
    const { keys, store } = site
    await make(store, 'c1')
    await store.change(
      changeOf({
        operationId: 'op',
        creates: [createOf('h1', { ref: hostRef('h1') })],
        takes: [{ hash: 'names', field: 'a', value: 'b' }],
        counters: [{ project: P1, name: 'cores', by: 1 }],
        token: { project: P1, token: 't', digest: '' },
        waiting: ['c1'],
      }),
      1,
    )
    await store.advance('cursor', 1)
    const [claim, record] = [await store.claim('placement', 'site', 1), (await claimed(store, 'c1')).record]
    if (!claim) throw new Error('gone')
    const placing = { ref: { kind: 'compute', id: 'c1' } as const, project: P1, epoch: record.epoch, rev: record.rev }
    const revision = (await store.hostClaims(['h1']))[0]?.revision ?? 0
    expect(await site.raw.exists(keys.waiting)).toBe(1)
    await store.place(
      claim,
      [{ host: 'h1', revision }],
      [{ ...placing, place: {}, raisePhase: false, on: { host: 'h1', claim: '{}' } }],
      1,
    )
    const window = { at: 1, host: null, machines: {} }
    const point = { subject: { kind: 'machine', name: 'i-1' }, window: 'hour', point: { at: 1, values: [] } } as const
    const flow = { project: P1, host: 'h1', sentBytes: 1, receivedBytes: 0 }
    await store.keepUsage('h1' as HostId, null, window, [point], [flow])
    await store.change(changeOf({ used: [useOf()] }), 1)
    await store.settled.keep([{ use: { id: 'c1', from: 0 }, end: 'from', at: 1 }])
    const named = [
      ...[keys.used('1970-01'), keys.flows('1970-01'), keys.settled('1970-01')],
      ...[keys.usage('h1'), keys.points('hour', 'machine:i-1')],
      ...[keys.root, keys.agenda, keys.revisions, keys.events, keys.claimRevisions, keys.cursors],
      ...[keys.operation('op'), keys.token(P1, 't'), keys.taken('names'), keys.counters(P1), keys.claims('h1')],
      ...[keys.ids('compute'), keys.ids('host'), keys.ids('placement'), keys.ids('audit'), keys.ids('files')],
      keys.ids('relocation'),
      ...['compute:c1', 'host:h1', 'placement:site', 'audit:site', 'files:site', 'relocation:site'].map((ref) => {
        const [kind = 'compute', id = ''] = ref.split(':') as ['compute', string]
        return keys.record(kind, id)
      }),
      ...[keys.history({ kind: 'compute', id: 'c1' }), keys.history(hostRef('h1'))],
    ]
    const there = (await site.raw.keys(`*${store.site}*`)).filter((key) => !/:operation:(?!op$)/.test(key))
    expect(there.sort()).toEqual([...named].sort())
    expect(there.every((key) => key.startsWith(`{${store.site}}:`))).toBe(true)
    await site.close()
  })

  test('two sites on one Redis share nothing', async () => {
    const [one, two] = [await openTestSite(redis), await openTestSite(redis)]
    await make(one.store, 'c1')
    expect(await two.store.readAll('compute')).toEqual([])
    expect(await two.store.sweep(9_999, 10)).toEqual([])
    await one.close()
    await two.close()
  })

  test.each(['', 'A', 'a b', '-a', 'a}b', 'a:b', 'x'.repeat(64)])('a site cannot be called %p', (site) => {
    expect(() => keysOf(site)).toThrow(expect.objectContaining({ kind: 'invalid' }))
    expect(() => queuePrefix(site)).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })

  test('record.lua and record.ts read the same fields in the same order', () => {
    const lua = /RECORD_FIELDS = \{([^}]*)\}/.exec(include('record'))?.[1] ?? ''
    expect(lua.match(/\w+/g)).toEqual(RECORD_FIELDS)
  })
})
