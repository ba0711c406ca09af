/** Two workers at one guarded host, frozen and late ones among them, each with a connection of its own. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asFault } from '../../../../../src/faults'
import { type GuardedHost, openGuardedHost } from '../../../../../workers/drivers/guard/guarded-host'
import { openRemote } from '../../../../../workers/drivers/remote'
import {
  DEEDS,
  effectTicket,
  finish,
  type GuardStage,
  SITE,
  startGuardStage,
  ticket,
  unfinish,
} from '../../../../support/guard/stage'
import { type SshProxy, startSshProxy } from '../../../../support/ssh-proxy'
import { describeWithSshd } from '../../../../support/sshd'
import { until } from '../../../../support/until'

const groupOf = (pid: number): number => Number(/\) \S \d+ (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1])
const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

describeWithSshd('two workers at a guarded host', () => {
  let stage: GuardStage
  let older: GuardedHost
  let newer: GuardedHost
  let proxy: SshProxy
  let count = 0
  let name: string
  beforeAll(async () => {
    stage = await startGuardStage()
    proxy = await startSshProxy(stage.sshd)
    older = stage.worker()
    newer = stage.worker()
    await newer.install(stage.host)
  })
  afterAll(async () => {
    await Promise.all([older.close(), newer.close()])
    await proxy.close()
    await stage.close()
  })
  beforeEach(() => {
    name = `r-${++count}`
    unfinish(stage)
  })
  const file = (what: string): string => join(stage.folder, `${name}-${what}`)
  const look = (guard: GuardedHost, epoch: string, deed = 'seen', args: readonly string[] = []) =>
    guard.look(stage.host, ticket(name, epoch), deed, args)
  const slow = (guard: GuardedHost, epoch: string, key: string) =>
    guard.effect(stage.host, effectTicket(name, epoch, key), 'slow', [file('go')])
  const did = (line: string): number => stage.did().filter((it) => it === line).length
  const kindOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'none',
      (thrown) => asFault(thrown).kind,
    )
  const attached = (): readonly number[] =>
    readFileSync(stage.record('resources', name, 'attached'), 'utf8')
      .split(' ')
      .filter(Boolean)
      .slice(0, 3)
      .map(Number)

  const livingIn = (group: number): number => stage.sshd.processes().filter((pid) => groupOf(pid) === group).length

  test('a newer claim ends the older attached command with all its processes, by looking alone', async () => {
    const ended = kindOf(slow(older, '1.1', `${name}-a`))
    await until(() => did(`effect ${name}-a`) === 1)
    const [, , group = 0] = attached()
    const { payload } = await look(newer, '1.2')
    expect(payload.toString()).toBe('seen \n')
    expect(livingIn(group)).toBe(0)
    expect(['timeout', 'unreachable']).toContain(await ended)
    writeFileSync(file('go'), '')
    expect(await kindOf(look(older, '1.1'))).toBe('stale')
    expect(did(`after ${name}-a`)).toBe(0)
  })

  test('calls of one claim take their turns', async () => {
    const first = slow(older, '1.1', `${name}-a`)
    await until(() => did(`effect ${name}-a`) === 1)
    const seen = look(newer, '1.1')
    const again = slow(newer, '1.1', `${name}-a`)
    writeFileSync(file('go'), '')
    expect(await first).toEqual({ state: 'done', value: '' })
    expect((await seen).payload.toString()).toBe('seen \n')
    expect(await again).toEqual({ state: 'done', value: '' })
    expect([did(`effect ${name}-a`), did(`after ${name}-a`)]).toEqual([1, 1])
  })

  test('one that waits for its turn is turned away when a newer claim comes', async () => {
    const first = kindOf(slow(older, '1.1', `${name}-a`))
    await until(() => did(`effect ${name}-a`) === 1)
    const waiting = kindOf(slow(older, '1.1', `${name}-b`))
    await look(newer, '1.2')
    expect(await waiting).toBe('stale')
    await first
    expect(did(`effect ${name}-b`)).toBe(0)
  })

  test('in a race of many claims no effect of an older one begins after one of a newer', async () => {
    const calls: Promise<unknown>[] = []
    for (let number = 1; number <= 24; number++) {
      const worker = number % 2 === 0 ? older : newer
      const named = effectTicket(name, `1.${number}`, `${name}/${number}`)
      calls.push(kindOf(worker.effect(stage.host, named, 'do', ['done'])))
    }
    const kinds = await Promise.all(calls)
    const begun = stage
      .did()
      .filter((line) => line.startsWith(`effect ${name}/`))
      .map((line) => Number(line.split('/')[1]))
    expect(begun).toEqual([...begun].sort((a, b) => a - b))
    expect(new Set(begun).size).toBe(begun.length)
    expect(kinds.at(-1)).toBe('none')
    for (const kind of kinds) expect(['none', 'stale', 'timeout', 'unreachable']).toContain(kind)
    expect(stage.names(name).filter((it) => it.startsWith('claim.'))).toContain('claim.1.24')
  })

  test('a worker frozen before its order was sent: it comes late and is stale', async () => {
    const frozen = openGuardedHost({
      remote: openRemote({ keyFile: stage.sshd.keyFile }),
      site: SITE,
      deeds: [DEEDS],
      folder: stage.folder,
    })
    const host = proxy.target
    await frozen.look(host, ticket(name, '1.1'), 'seen', [])
    proxy.freeze()
    const late = kindOf(frozen.effect(host, effectTicket(name, '1.1', `${name}-late`), 'do', ['done']))
    await newer.effect(stage.host, effectTicket(name, '1.2', `${name}-new`), 'do', ['done'])
    proxy.thaw()
    expect(await late).toBe('stale')
    expect([did(`effect ${name}-late`), did(`effect ${name}-new`)]).toEqual([0, 1])
    await frozen.close()
  })

  test('a worker frozen while it listens to a long answer: its command ends, the newer one waits for nobody', async () => {
    const remote = openRemote({ keyFile: stage.sshd.keyFile })
    const frozen = openGuardedHost({ remote, site: SITE, deeds: [DEEDS], folder: stage.folder })
    const host = proxy.target
    await frozen.look(host, ticket(name, '1.1'), 'seen', [])
    proxy.count()
    const flood = kindOf(frozen.look(host, ticket(name, '1.1'), 'flood', ['90000000'], { maxBytes: 100_000_000 }))
    await until(() => proxy.passed.back > 20)
    proxy.freeze()
    await until(() => attached().length > 0)
    expect((await look(newer, '1.2')).payload.toString()).toBe('seen \n')
    proxy.cut()
    proxy.thaw()
    expect(['unreachable', 'timeout']).toContain(await flood)
    await remote.close()
  })

  test('a guard stopped by SIGSTOP on the host is ended all the same', async () => {
    const ended = kindOf(look(older, '1.1', 'held', [file('go')]))
    await until(() => did(`look ${name}`) === 0 && stage.did().some((line) => line.startsWith(`look ${name} `)))
    const [, , group = 0] = attached()
    process.kill(-group, 'SIGSTOP')
    expect((await look(newer, '1.2')).payload.toString()).toBe('seen \n')
    expect(['timeout', 'unreachable']).toContain(await ended)
  })

  test('kill -9 of the guard in the middle: what it left is ended before the same claim begins anew', async () => {
    const ended = kindOf(slow(older, '1.1', `${name}-a`))
    await until(() => did(`effect ${name}-a`) === 1)
    const [pid = 0, , group = 0] = attached()
    process.kill(pid, 'SIGKILL')
    expect(['timeout', 'unreachable']).toContain(await ended)
    // Its subshell goes on by itself.
    expect(livingIn(group)).toBeGreaterThan(0)
    const again = slow(older, '1.1', `${name}-a`)
    await until(() => did(`effect ${name}-a`) === 2)
    expect(livingIn(group)).toBe(0)
    writeFileSync(file('go'), '')
    expect(await again).toEqual({ state: 'done', value: '' })
    expect(did(`after ${name}-a`)).toBe(1)
  })

  test('what has a session of its own, as the monitor of xl, lives on and holds no lock', async () => {
    const left = file('daemon')
    await older.effect(stage.host, effectTicket(name, '1.1', `${name}-a`), 'daemon', [left])
    const pid = Number(readFileSync(left, 'utf8'))
    await look(older, '1.1')
    await look(newer, '1.2')
    expect(() => process.kill(pid, 0)).not.toThrow()
    process.kill(pid, 'SIGKILL')
  })

  test('detached work outlives the connection and the claim that began it', async () => {
    const begun = await older.effect(stage.host, effectTicket(name, '1.1', `${name}-d`), 'do', ['detached'], {
      detached: true,
    })
    expect(begun.state).toBe('running')
    await until(() => did(`effect ${name}-d`) === 1)
    stage.sshd.dropConnections()
    const work = { key: `${name}-d`, what: 'do', percent: 0 }
    expect((await until(() => look(newer, '1.2'))).work).toEqual(work)
    expect(await kindOf(newer.effect(stage.host, effectTicket(name, '1.3', 'other'), 'do', ['done']))).toBe('busy')
    finish(stage)
    await until(() => !stage.names(name).includes('work'))
    const adopted = await newer.effect(stage.host, effectTicket(name, '1.4', `${name}-d`), 'do', ['detached'], {
      detached: true,
    })
    expect(adopted).toEqual({ state: 'done', value: '' })
    expect(did(`effect ${name}-d`)).toBe(1)
  })

  test('detached work that died without a word is forgotten, and its key begins again', async () => {
    const begin = () =>
      older.effect(stage.host, effectTicket(name, '1.1', `${name}-d`), 'do', ['detached'], { detached: true })
    await begin()
    await until(() => did(`effect ${name}-d`) === 1)
    const pid = Number(
      readFileSync(stage.record('resources', name, 'work'), 'utf8')
        .split('\n')[2]
        ?.split(' ')[0],
    )
    process.kill(pid, 'SIGKILL')
    expect((await look(older, '1.1')).work).toBeNull()
    expect((await begin()).state).toBe('running')
    await until(() => did(`effect ${name}-d`) === 2)
    finish(stage)
    await until(() => !stage.names(name).includes('work'))
  })

  test('cancel ends all processes of the work, for a newer claim too', async () => {
    await older.effect(stage.host, effectTicket(name, '1.1', `${name}-d`), 'slow', [file('go')], { detached: true })
    await until(() => did(`effect ${name}-d`) === 1)
    expect(await newer.cancel(stage.host, effectTicket(name, '1.2', `${name}-d`))).toEqual({
      state: 'done',
      value: null,
    })
    writeFileSync(file('go'), '')
    expect((await look(newer, '1.2')).work).toBeNull()
    const again = newer.effect(stage.host, effectTicket(name, '1.2', `${name}-d`), 'slow', [file('go')], {
      detached: true,
    })
    await expect(again).rejects.toMatchObject({ kind: 'refused', message: 'it was cancelled' })
    expect(did(`after ${name}-d`)).toBe(0)
  })

  test('the host restarts in the middle: nothing is lost but the command', async () => {
    const ended = kindOf(slow(older, '1.5', `${name}-a`))
    await until(() => did(`effect ${name}-a`) === 1)
    await stage.sshd.crash()
    expect(await ended).toBe('unreachable')
    await stage.sshd.start()
    writeFileSync(file('go'), '')
    const again = await until(() => slow(newer, '1.5', `${name}-a`))
    expect(again.state).toBe('done')
    expect(await kindOf(look(older, '1.4'))).toBe('stale')
    expect(existsSync(file('go'))).toBe(true)
    expect(did(`after ${name}-a`)).toBe(1)
  })
})
