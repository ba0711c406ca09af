/** Single calls to the guard of a real host: what deeds get, what comes of how they end. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { GuardedHost } from '../../../../../workers/drivers/guard/guarded-host'
import {
  effectTicket,
  finish,
  type GuardStage,
  SITE,
  startGuardStage,
  ticket,
  unfinish,
} from '../../../../support/guard/stage'
import { describeWithSshd } from '../../../../support/sshd'
import { until } from '../../../../support/until'

describeWithSshd('calls to a guarded host', () => {
  let stage: GuardStage
  let guard: GuardedHost
  let count = 0
  let name: string
  beforeAll(async () => {
    stage = await startGuardStage()
    guard = stage.worker()
  })
  afterAll(async () => {
    await guard.close()
    await stage.close()
  })
  beforeEach(() => {
    name = `r-${++count}`
    unfinish(stage)
  })
  const effect = (key: string, deed: string, args: readonly string[] = [], options = {}) =>
    guard.effect(stage.host, effectTicket(name, '1.1', key), deed, args, options)
  const acted = (key: string) => stage.did().filter((line) => line === `effect ${key}`).length

  test('a deed is told whose call it is, and gets its words as they are', async () => {
    const words = ['a b', "it's", '', '$HOME', 'two\nlines']
    const { state, ...rest } = await effect('k/1', 'tells', words)
    expect({ state, ...rest }).toEqual({
      state: 'done',
      value: [SITE, name, 'k/1', 'C', '0077', '5', ...words].join('\n'),
    })
  })

  test('the same key is answered the same value again', async () => {
    expect(await effect('k1', 'do', ['done'])).toEqual({ state: 'done', value: 'value of k1' })
    expect(await effect('k1', 'do', ['done'])).toEqual({ state: 'done', value: 'value of k1' })
    expect(acted('k1')).toBe(1)
  })

  test.each([
    { status: '4', kind: 'unsupported', again: 2 },
    { status: '5', kind: 'timeout', again: 2 },
    { status: '124', kind: 'timeout', again: 2 },
    { status: '137', kind: 'timeout', again: 2 },
    { status: '3', kind: 'refused', again: 1 },
    { status: '1', kind: 'refused', again: 1 },
    { status: '127', kind: 'refused', again: 1 },
  ])('status $status of an effect is $kind, done $again times when asked twice', async ({ status, kind, again }) => {
    const key = `s${status}`
    await expect(effect(key, 'do', [status])).rejects.toMatchObject({ kind })
    await expect(effect(key, 'do', [status])).rejects.toMatchObject({ kind })
    expect(acted(key)).toBe(again)
  })

  test.each([
    { status: '3', kind: 'refused' },
    { status: '1', kind: 'refused' },
    { status: '4', kind: 'unsupported' },
    { status: '5', kind: 'timeout' },
    { status: '124', kind: 'timeout' },
  ])('status $status of a look is $kind', async ({ status, kind }) => {
    const look = guard.look(stage.host, ticket(name, '1.1'), 'fails', [status])
    await expect(look).rejects.toMatchObject({ kind, message: expect.stringContaining('no luck') })
    await expect(guard.free(stage.host, 'fails', [status])).rejects.toMatchObject({ kind })
  })

  test('a refusal says what the deed said, at once and again', async () => {
    for (const _ of [1, 2])
      await expect(effect('r1', 'do', ['refused'])).rejects.toMatchObject({ kind: 'refused', message: 'no' })
  })

  test('what the host has no deed for is unsupported, before anything', async () => {
    await expect(effect('k', 'no_such', [])).rejects.toMatchObject({ kind: 'unsupported' })
    await expect(guard.look(stage.host, ticket(name, '1.1'), 'no_such', [])).rejects.toMatchObject({
      kind: 'unsupported',
    })
    await expect(guard.free(stage.host, 'no_such', [])).rejects.toMatchObject({ kind: 'unsupported' })
    expect(stage.names(name)).toEqual([])
  })

  test.each([
    { what: 'a resource that leads elsewhere', resource: '../x', key: 'k', deed: 'do' },
    { what: 'a key with a space', resource: 'x', key: 'a b', deed: 'do' },
    { what: 'a deed that is no name', resource: 'x', key: 'k', deed: 'do;id' },
  ])('$what is refused here', async ({ resource, key, deed }) => {
    const call = guard.effect(stage.host, effectTicket(resource, '1.1', key), deed, [])
    await expect(call).rejects.toMatchObject({ kind: 'refused' })
  })

  test('input arrives whole', async () => {
    const input = Buffer.alloc(200_000, 7)
    expect(await effect('in', 'copy', [], { input })).toEqual({ state: 'done', value: '200000' })
    expect(readFileSync(join(stage.folder, 'copy')).equals(input)).toBe(true)
    expect(readdirSync(stage.record('input'))).toEqual([])
  })

  test('a stream arrives too', async () => {
    const input = Readable.from([Buffer.alloc(100_000, 1), Buffer.alloc(50_000, 2)])
    expect(await effect('stream', 'copy', [], { input })).toEqual({ state: 'done', value: '150000' })
    await expect(effect('d', 'creeps', [], { input: Readable.from(['x']), detached: true })).rejects.toMatchObject({
      kind: 'refused',
    })
  })

  test('a look may say much, but not more than asked for', async () => {
    const flood = (maxBytes: number) => guard.look(stage.host, ticket(name, '1.1'), 'flood', ['500000'], { maxBytes })
    expect((await flood(600_000)).payload).toHaveLength(500_000)
    await expect(flood(400_000)).rejects.toMatchObject({ kind: 'refused' })
  })

  test('an unguarded probe', async () => {
    expect((await guard.free(stage.host, 'hello', ["it's", 'me'])).toString()).toBe("hello it's me\n")
  })

  test("a call's folder is empty at its beginning and after it", async () => {
    for (const key of ['a', 'b']) expect(await effect(key, 'leaves')).toEqual({ state: 'done', value: '2' })
    expect(readdirSync(stage.record('resources', name, 'tmp'))).toEqual([])
  })

  test('detached work is seen by looks and probes with its percent, and through it is a result', async () => {
    const input = Buffer.from('secret')
    expect(await effect('d1', 'creeps', [], { detached: true, input, lookAgainMs: 250 })).toEqual({
      state: 'running',
      percent: 0,
      lookAgainMs: 250,
    })
    const work = { key: 'd1', what: 'creeps', percent: 40 }
    await until(async () => {
      const seen = await guard.look(stage.host, ticket(name, '1.1'), 'seen', [])
      return seen.work?.percent === 40 && expect(seen.work).toEqual(work) === undefined
    })
    expect((await guard.free(stage.host, 'works', [])).toString()).toBe(`${name} 40 d1 creeps\n`)
    expect(await effect('d1', 'creeps', [], { detached: true })).toMatchObject({ state: 'running', percent: 40 })
    finish(stage)
    await until(() => !stage.names(name).includes('work'))
    expect(await effect('d1', 'creeps', [], { detached: true })).toEqual({ state: 'done', value: 'through' })
    expect((await guard.look(stage.host, ticket(name, '1.1'), 'seen', [])).work).toBeNull()
    expect(readFileSync(join(stage.folder, 'copy'), 'utf8')).toBe('secret')
    expect(stage.names(name)).toEqual(expect.not.arrayContaining(['detached', 'progress', 'work']))
  })

  test('what lies on the disk is for root alone', async () => {
    await effect('k', 'do', ['done'])
    expect(statSync(stage.record('resources', name)).mode & 0o077).toBe(0)
    expect(statSync(stage.record()).mode & 0o077).toBe(0)
  })

  test('at most 16 results are kept, the newest', async () => {
    for (let index = 0; index < 18; index++) await effect(`n${index}`, 'do', ['done'])
    expect(stage.names(name).filter((it) => it.startsWith('result.'))).toHaveLength(16)
    await effect('n17', 'do', ['done'])
    await effect('n0', 'do', ['done'])
    expect([acted('n17'), acted('n0')]).toEqual([1, 2])
  })
})
