/** The way to the host breaks after each piece of each call: repeated under its key it is done, and done once. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asFault } from '../../../../../src/faults'
import type { Effect } from '../../../../../workers/drivers/driver'
import { type GuardedHost, openGuardedHost } from '../../../../../workers/drivers/guard/guarded-host'
import { openRemote, type Remote } from '../../../../../workers/drivers/remote'
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
import { type Direction, type SshProxy, startSshProxy } from '../../../../support/ssh-proxy'
import { describeWithSshd } from '../../../../support/sshd'
import { until } from '../../../../support/until'

describeWithSshd('a way that breaks', () => {
  let stage: GuardStage
  let proxy: SshProxy
  let remote: Remote
  let guard: GuardedHost
  let count = 0
  beforeAll(async () => {
    stage = await startGuardStage()
    proxy = await startSshProxy(stage.sshd)
    remote = openRemote({ keyFile: stage.sshd.keyFile })
    guard = openGuardedHost({ remote, site: SITE, deeds: [DEEDS], folder: stage.folder })
    await guard.install(proxy.target)
  })
  afterAll(async () => {
    await remote.close()
    await proxy.close()
    await stage.close()
  })
  const acted = (key: string): number => stage.did().filter((line) => line === `effect ${key}`).length
  /** Until it has an answer; what is lost is asked again. */
  const insist = <T>(ask: () => Promise<T>): Promise<T> =>
    until(async () => {
      const answer = await ask().catch((thrown) => {
        expect(['unreachable', 'timeout']).toContain(asFault(thrown).kind)
        return undefined
      })
      return answer === undefined ? undefined : { answer }
    }).then(({ answer }) => answer)
  /** A way that stands: a cut whose call was answered nevertheless may only now be heard of. */
  const connected = (key: string) => insist(() => guard.look(proxy.target, ticket(key, '1.1'), 'seen', []))

  const INPUT = Buffer.alloc(100_000, 5)
  const VERBS: readonly { verb: string; ask: (key: string) => Promise<Effect<string>> }[] = [
    {
      verb: 'an effect',
      ask: (key) => guard.effect(proxy.target, effectTicket(key, '1.1', key), 'do', ['done']),
    },
    {
      verb: 'an effect with input',
      ask: (key) => guard.effect(proxy.target, effectTicket(key, '1.1', key), 'copy', [], { input: INPUT }),
    },
  ]
  const DIRECTIONS: readonly Direction[] = ['there', 'back']

  test.each(VERBS.flatMap((it) => DIRECTIONS.map((direction) => ({ ...it, direction }))))(
    '$verb, cut after each piece $direction',
    async ({ ask, direction }) => {
      const first = `w-${++count}`
      await connected(first)
      proxy.count()
      const whole = await ask(first)
      const pieces = proxy.passed[direction]
      expect(pieces).toBeGreaterThan(1)
      for (let piece = 1; piece <= pieces; piece++) {
        const key = `c-${++count}`
        await connected(key)
        proxy.cutAfter(direction, piece)
        const { state } = await insist(() => ask(key))
        proxy.mend()
        expect(state).toBe(whole.state)
        expect(acted(key)).toBe(1)
      }
    },
  )

  test('detached work, cut after each piece there, begins once', async () => {
    const begin = (key: string) =>
      guard.effect(proxy.target, effectTicket(key, '1.1', key), 'creeps', [], { input: INPUT, detached: true })
    unfinish(stage)
    const first = `w-${++count}`
    await connected(first)
    proxy.count()
    await begin(first)
    const pieces = proxy.passed.there
    for (let piece = 1; piece <= pieces; piece++) {
      const key = `d-${++count}`
      await connected(key)
      proxy.cutAfter('there', piece)
      expect((await insist(() => begin(key))).state).toBe('running')
      proxy.mend()
      await until(() => acted(key) === 1)
      await insist(() => guard.cancel(proxy.target, effectTicket(key, '1.1', key)))
      expect(acted(key)).toBe(1)
    }
    finish(stage)
  })

  test('an answer that nobody heard is answered again, its effect not done again', async () => {
    const key = `m-${++count}`
    const go = join(stage.folder, `${key}-go`)
    const ask = () => guard.effect(proxy.target, effectTicket(key, '1.1', key), 'slow', [go])
    await connected(key)
    const lost = ask().catch((thrown) => asFault(thrown).kind)
    await until(() => acted(key) === 1)
    proxy.mute()
    writeFileSync(go, '')
    await until(() => stage.names(key).includes('result.1'))
    proxy.cut()
    expect(await lost).toBe('unreachable')
    expect(await insist(ask)).toEqual({ state: 'done', value: '' })
    expect(acted(key)).toBe(1)
  })

  test('cut in the middle of its input an effect is not begun', async () => {
    const key = `i-${++count}`
    await connected(key)
    proxy.cutAfter('there', 4)
    const input = Buffer.alloc(5_000_000, 1)
    const lost = guard.effect(proxy.target, effectTicket(key, '1.1', key), 'copy', [], { input })
    await expect(lost).rejects.toMatchObject({ kind: 'unreachable' })
    await until(() => stage.sshd.processes().length === 0)
    expect(acted(key)).toBe(0)
  })
})
