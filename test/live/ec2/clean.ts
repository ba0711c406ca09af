/** Terminates all that bears the mark, by looks of our own driver: what this run made, and what an earlier one left. */
import { setTimeout as pause } from 'node:timers/promises'
import { fault } from '../../../src/faults'
import type { Driver } from '../../../workers/drivers/driver'
import { type Stage, ticketFor } from './stage'
import { through } from './through'

export interface CleanTimes {
  /** For one machine to be gone. */
  readonly patienceMs: number
  /** For a machine that was asked for to be shown: a service tells of a new one a little later than it has it. */
  readonly settleMs: number
  readonly everyMs: number
}

const TIMES: CleanTimes = { patienceMs: 600_000, settleMs: 60_000, everyMs: 1000 }

/** Names of what was ended. Faults: the driver's, when they do not pass; nothing says then that all is gone. */
export async function clean(
  stage: Pick<Stage, 'host' | 'definition' | 'state'> & { readonly driver: Pick<Driver, 'list' | 'undefine'> },
  times: CleanTimes = TIMES,
): Promise<readonly string[]> {
  const { patienceMs, settleMs, everyMs } = times
  const start = performance.now()
  const ended = new Set<string>()
  for (;;) {
    const there = await markedOf(stage, patienceMs)
    for (const name of there) {
      await through(() => stage.driver.undefine(stage.host, ticketFor(name, 'end')), { patienceMs })
      ended.add(name)
    }
    const isAwaited = stage.state === 'making' && !ended.has(stage.definition.name)
    const waited = performance.now() - start
    if (there.length === 0 && (!isAwaited || waited > settleMs)) return [...ended]
    if (waited > patienceMs + settleMs) throw fault('timeout', `there is always more: ${there.join(', ')}`)
    await pause(everyMs)
  }
}

async function markedOf(
  { driver, host }: { readonly driver: Pick<Driver, 'list'>; readonly host: Stage['host'] },
  patienceMs: number,
): Promise<readonly string[]> {
  const list = async () => ({ state: 'done', value: await driver.list(host) }) as const
  const { machines } = await through(list, { patienceMs })
  return machines.filter(({ domain }) => domain !== 'absent').map(({ name }) => name)
}
