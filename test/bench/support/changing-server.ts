/**
 * Changes machines by the inside of a gateway, so many a second, each at its time whether or not those before it were acknowledged: whoever is
 * asked meanwhile, and however often, has no say in it. What it was kept from beginning in time it makes up for at no more than twice the
 * rate. Argument: a file with a ChangeFile.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { asFault } from '../../../src/faults'
import type { Operations } from '../../../src/operations/operations'
import { type Changed, type ChangeFile, markOf } from './changing'
import { openInside } from './inside'
import { serveParent } from './server'

/** A machine under load may keep this process from Redis' answer for longer than a command waits: the next change is made in time. */
function unlessAway(thrown: unknown): void {
  if (asFault(thrown).kind !== 'unavailable') throw thrown
}

/** What was held up for longer is left out: it would only come at once when nobody expects it. */
const FORGET_MS = 1_000

async function change(operations: Operations, { what, caller, machines }: ChangeFile, number: number): Promise<void> {
  const id = machines[number % machines.length]
  if (id === undefined) throw new Error('no machine to change')
  const mark = markOf(number)
  if (what === 'title') await operations.updateCompute(caller, id, { title: mark })
  else await operations.tagResources(caller, { refs: [{ kind: 'compute', id }], set: { mark } })
}

async function main(): Promise<void> {
  const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ChangeFile
  const { operations } = await openInside(order.shared)
  serveParent(0, () => undefined)
  const every = 1_000 / order.perSecond
  let now: Changed = { last: 0, count: 0 }
  let due = performance.now()
  for (let number = 1; ; number++) {
    void change(operations, order, number).then(() => {
      now = { last: Math.max(now.last, number), count: now.count + 1 }
      process.send?.(now)
    }, unlessAway)
    due = Math.max(due + every, performance.now() - FORGET_MS)
    await pause(Math.max(every / 2, due - performance.now()))
  }
}

void main()
