/** The guard of a real host behind the vectors: each vector has a resource of its own on the same host. */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { asFault } from '../../../src/faults'
import { compareEpochs, formatEpoch, NO_EPOCH, parseEpoch } from '../../../src/model/epoch'
import type { GuardedHost } from '../../../workers/drivers/guard/guarded-host'
import { LINE_KEPT_MS, RESULTS_KEPT_MS } from '../../../workers/drivers/guard/ledger'
import type { GuardCall, GuardReply, GuardUnderTest } from '../../contract/guard-vectors'
import { until } from '../until'
import { effectTicket, finish, type GuardStage, ticket, unfinish } from './stage'

export class ShellGuard implements GuardUnderTest {
  readonly #stage: GuardStage
  readonly #guard: GuardedHost
  readonly #resource: string

  constructor(stage: GuardStage, guard: GuardedHost, resource: string, floor: string) {
    this.#stage = stage
    this.#guard = guard
    this.#resource = resource
    mkdirSync(stage.record(), { recursive: true })
    writeFileSync(stage.record('floor'), `${floor}\n`)
    unfinish(stage)
  }

  async call(call: GuardCall): Promise<GuardReply> {
    const before = this.#stage.did().length
    const working = this.#stage.names(this.#resource).includes('work')
    const said = await this.#ask(call).catch((thrown): Omit<GuardReply, 'ran'> => {
      const { kind, detail } = asFault(thrown)
      if (kind === 'stale') return { reply: kind, held: detail.held }
      if (kind === 'busy' || kind === 'refused') return { reply: kind }
      throw thrown
    })
    if (call.ask === 'cancel') return { ...said, ran: working && !this.#stage.names(this.#resource).includes('work') }
    // Detached work begins in its own time.
    if (said.reply === 'running' && !working) await until(() => this.#stage.did().length > before)
    return { ...said, ran: this.#stage.did().length > before }
  }

  async #ask({ ask, epoch, key = '', runs }: GuardCall): Promise<Omit<GuardReply, 'ran'>> {
    const { host } = this.#stage
    if (ask === 'look') {
      await this.#guard.look(host, ticket(this.#resource, epoch), 'seen', [])
      return { reply: 'seen' }
    }
    const named = effectTicket(this.#resource, epoch, key)
    if (ask === 'cancel') {
      await this.#guard.cancel(host, named)
      return { reply: 'ended' }
    }
    const done = await this.#guard.effect(host, named, 'do', [runs], runs === 'detached' ? { detached: true } : {})
    return { reply: done.state }
  }

  async finished(): Promise<void> {
    finish(this.#stage)
    await until(() => !this.#stage.names(this.#resource).includes('work'))
    unfinish(this.#stage)
  }

  async departed(): Promise<void> {
    const claims = this.#stage.names(this.#resource).map((name) => parseEpoch(name.replace('claim.', '')) ?? NO_EPOCH)
    const newest = formatEpoch(claims.sort(compareEpochs).at(-1) ?? NO_EPOCH)
    await this.#guard.look(this.#stage.host, ticket(this.#resource, newest), 'gone', [])
  }

  async dropped(): Promise<void> {
    const seconds = (agoMs: number): number => Math.floor((Date.now() - agoMs) / 1000)
    const mark = this.#stage.record('resources', this.#resource, 'departed')
    utimesSync(mark, seconds(RESULTS_KEPT_MS), seconds(RESULTS_KEPT_MS))
    await this.#sweep()
    const ledger = this.#stage.record('ledger')
    const aged = readFileSync(ledger, 'utf8').replaceAll(/ \d+$/gm, ` ${seconds(LINE_KEPT_MS)}`)
    writeFileSync(ledger, aged)
    await this.#sweep()
  }

  /** As a worker does once an hour, after a probe. */
  async #sweep(): Promise<void> {
    const worker = this.#stage.worker()
    await worker.free(this.#stage.host, 'hello', [])
    await worker.close()
  }
}
