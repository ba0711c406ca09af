/** What is left on a host of resources that are gone (the rules of guard/ledger.ts, on its disk). */
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GuardedHost } from '../../../../../workers/drivers/guard/guarded-host'
import { LINE_KEPT_MS, RESULTS_KEPT_MS } from '../../../../../workers/drivers/guard/ledger'
import {
  effectTicket,
  finish,
  type GuardStage,
  startGuardStage,
  ticket,
  unfinish,
} from '../../../../support/guard/stage'
import { describeWithSshd } from '../../../../support/sshd'
import { until } from '../../../../support/until'

describeWithSshd('the ledger of a host', () => {
  let stage: GuardStage
  let guard: GuardedHost
  beforeEach(async () => {
    stage = await startGuardStage()
    guard = stage.worker()
    unfinish(stage)
    await guard.install(stage.host)
  })
  afterEach(async () => {
    await guard.close()
    await stage.close()
  })
  const secondsAgo = (ms: number): number => Math.floor((Date.now() - ms) / 1000)
  const effect = (resource: string, epoch: string, key: string, options = {}) =>
    guard.effect(stage.host, effectTicket(resource, epoch, key), 'do', ['done'], options)
  const look = (resource: string, epoch: string, deed = 'seen') =>
    guard.look(stage.host, ticket(resource, epoch), deed, [])
  /** It departed that long ago. */
  const departed = async (resource: string, epoch: string, agoMs: number): Promise<void> => {
    await look(resource, epoch, 'gone')
    utimesSync(stage.record('resources', resource, 'departed'), secondsAgo(agoMs), secondsAgo(agoMs))
  }
  const sweep = async (): Promise<void> => {
    const worker = stage.worker()
    await worker.free(stage.host, 'hello', [])
    await worker.close()
  }
  const ledger = (): readonly string[] =>
    readFileSync(stage.record('ledger'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.replace(/ \d+$/, ''))
  const age = (ms: number): void => {
    const text = readFileSync(stage.record('ledger'), 'utf8')
    writeFileSync(stage.record('ledger'), text.replaceAll(/ \d+$/gm, ` ${secondsAgo(ms)}`))
  }
  const floor = (): string => readFileSync(stage.record('floor'), 'utf8').trim()

  test('an hour after it departed one line is left of a resource', async () => {
    await effect('a', '1.5', 'k')
    await effect('b', '1.6', 'k')
    await departed('a', '1.5', RESULTS_KEPT_MS)
    await departed('b', '1.6', RESULTS_KEPT_MS - 120_000)
    await sweep()
    expect(readdirSync(stage.record('resources'))).toEqual(['b'])
    expect(ledger()).toEqual(['a 1.5'])
  })

  test('what did not depart stays, what was only looked at does not', async () => {
    await effect('stays', '1.5', 'k')
    await look('looked', '1.6')
    const longAgo = secondsAgo(2 * RESULTS_KEPT_MS)
    utimesSync(stage.record('resources', 'stays', 'departed'), longAgo, longAgo)
    utimesSync(stage.record('resources', 'looked', 'departed'), longAgo, longAgo)
    await sweep()
    expect(readdirSync(stage.record('resources'))).toEqual(['stays'])
    expect(ledger()).toEqual(['looked 1.6'])
  })

  test('the line knows the epoch: older claims are stale, the same one goes on, and nothing is done twice in it', async () => {
    await effect('a', '1.5', 'k')
    await departed('a', '1.5', RESULTS_KEPT_MS)
    await sweep()
    await expect(look('a', '1.4')).rejects.toMatchObject({ kind: 'stale', detail: { held: '1.5' } })
    expect(existsSync(stage.record('resources', 'a'))).toBe(false)
    expect((await look('a', '1.5')).payload.toString()).toBe('seen \n')
    await effect('a', '1.7', 'k2')
    await departed('a', '1.7', RESULTS_KEPT_MS)
    await sweep()
    expect(ledger()).toEqual(['a 1.5', 'a 1.7'])
    await expect(look('a', '1.6')).rejects.toMatchObject({ kind: 'stale', detail: { held: '1.7' } })
  })

  test('names that hold one another are told apart', async () => {
    for (const [name, epoch] of [
      ['vol-1', '1.9'],
      ['vol-11', '1.3'],
      ['x.vol-1', '1.4'],
    ] as const) {
      await effect(name, epoch, 'k')
      await departed(name, epoch, RESULTS_KEPT_MS)
    }
    await sweep()
    await expect(look('vol-11', '1.2')).rejects.toMatchObject({ detail: { held: '1.3' } })
    expect((await look('vol-11', '1.5')).work).toBeNull()
    expect((await look('vol', '1.1')).work).toBeNull()
  })

  test('after 30 days the line goes and the floor stands for it', async () => {
    for (const [name, epoch] of [
      ['a', '1.5'],
      ['b', '1.8'],
      ['c', '1.3'],
    ] as const) {
      await effect(name, epoch, 'k')
      await departed(name, epoch, RESULTS_KEPT_MS)
    }
    await sweep()
    age(LINE_KEPT_MS - 60_000)
    await sweep()
    expect([...ledger()].sort()).toEqual(['a 1.5', 'b 1.8', 'c 1.3'])
    age(LINE_KEPT_MS)
    await sweep()
    expect([ledger(), floor()]).toEqual([[], '1.8'])
    await expect(look('never-seen', '1.8')).rejects.toMatchObject({ kind: 'stale', detail: { held: '1.8' } })
    await effect('a', '1.9', 'k')
    await departed('a', '1.9', RESULTS_KEPT_MS)
    await sweep()
    age(LINE_KEPT_MS)
    writeFileSync(stage.record('floor'), '2.1\n')
    await sweep()
    expect(floor()).toBe('2.1')
  })

  test('work under way is not swept away', async () => {
    await guard.effect(stage.host, effectTicket('a', '1.5', 'k'), 'do', ['detached'], { detached: true })
    await until(() => stage.names('a').includes('work'))
    await departed('a', '1.5', RESULTS_KEPT_MS)
    await sweep()
    expect(readdirSync(stage.record('resources'))).toEqual(['a'])
    finish(stage)
    await until(() => !stage.names('a').includes('work'))
  })

  test('what was cut off leaves nothing: half made folders, input of killed calls', async () => {
    await effect('a', '1.5', 'k', { input: Buffer.from('x') })
    for (const name of ['.new.17', '.gone.18']) mkdirSync(stage.record('resources', name, 'tmp'), { recursive: true })
    const left = stage.record('input', '4711')
    writeFileSync(left, 'secret')
    utimesSync(left, secondsAgo(2 * RESULTS_KEPT_MS), secondsAgo(2 * RESULTS_KEPT_MS))
    await sweep()
    expect(readdirSync(stage.record('resources'))).toEqual(['a'])
    expect(readdirSync(stage.record('input'))).toEqual([])
    expect(existsSync(join(stage.folder, 'guard'))).toBe(true)
  })

  test('a result that a crash cut short is none', async () => {
    await effect('a', '1.5', 'k')
    writeFileSync(stage.record('resources', 'a', 'result.1'), '1\nk\nrefu')
    await effect('a', '1.5', 'k')
    expect(stage.did().filter((line) => line === 'effect k')).toHaveLength(2)
    expect(readFileSync(stage.record('resources', 'a', 'result.1'), 'utf8')).toMatch(/^1\nk\ndone\n/)
  })

  test('a swept host is swept again an hour later, not before', async () => {
    await effect('a', '1.5', 'k')
    const worker = stage.worker()
    await worker.free(stage.host, 'hello', [])
    // Through with the first sweep.
    await worker.close()
    await departed('a', '1.5', RESULTS_KEPT_MS)
    await worker.free(stage.host, 'hello', [])
    await worker.close()
    expect(readdirSync(stage.record('resources'))).toEqual(['a'])
  })
})
