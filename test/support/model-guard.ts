/** The decision functions around a world of one resource that only counts: a guard as small as it can be. */
import { type Epoch, formatEpoch, NO_EPOCH, parseEpoch } from '../../src/model/epoch'
import { type Ask, cancelled, decide, detach, type Held, keep, type Result } from '../../workers/drivers/guard/decide'
import { LINE_KEPT_MS, sweep } from '../../workers/drivers/guard/ledger'
import type { GuardCall, GuardReply, GuardUnderTest } from '../contract/guard-vectors'

export class ModelGuard implements GuardUnderTest {
  held: Held | undefined
  floor: Epoch
  /** Keys in the order in which the host really did them. */
  readonly acted: string[] = []

  constructor(floor: string) {
    this.floor = parseEpoch(floor) ?? NO_EPOCH
  }

  async call(call: GuardCall): Promise<GuardReply> {
    const { decision, next } = decide(this.held, this.floor, askOf(call))
    if (decision.say === 'stale') return { reply: 'stale', held: formatEpoch(decision.held), ran: false }
    this.held = next
    switch (decision.say) {
      case 'look':
        return { reply: 'seen', ran: true }
      case 'busy':
      case 'running':
        return { reply: decision.say, ran: false }
      case 'again':
        return { reply: decision.result.state, ran: false }
      case 'ended':
        return { reply: 'ended', ran: false }
      case 'end':
        this.held = cancelled(next, call.key ?? '')
        return { reply: 'ended', ran: true }
      case 'act':
        return this.#act(next, call)
    }
  }

  #act(held: Held, { key = '', runs }: GuardCall): GuardReply {
    this.acted.push(key)
    if (runs === 'detached') {
      this.held = detach(held, key)
      return { reply: 'running', ran: true }
    }
    const result: Result = runs === 'done' ? { state: 'done' } : { state: 'refused', message: 'no' }
    this.held = keep(held, key, result)
    return { reply: runs, ran: true }
  }

  async finished(key: string): Promise<void> {
    if (this.held?.work === key) this.held = keep(this.held, key, { state: 'done' })
  }

  async departed(): Promise<void> {
    if (this.held) this.held = { ...this.held, work: null }
  }

  async dropped(): Promise<void> {
    if (!this.held) return
    this.floor = sweep([{ id: 'r', epoch: this.held.epoch, at: 0 }], this.floor, LINE_KEPT_MS).floor
    this.held = undefined
  }
}

function askOf({ ask, epoch: text, key = '' }: GuardCall): Ask {
  const epoch = parseEpoch(text) ?? NO_EPOCH
  return ask === 'look' ? { kind: 'look', epoch } : { kind: ask, epoch, key }
}
