/**
 * A host that did not answer: whether it is given up, and by what. Giving it up is one script that raises the host's epoch; its
 * machines are told afterwards, again with each poll until each of them has said what becomes of it.
 */
import { formatEpoch } from '../../../src/model/epoch'
import { optionsOf } from '../../../src/model/options'
import type { ComputeRecord, HostSeen } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { across, type Work } from '../work'
import { FENCED } from './after-fence'
import { type Around, decideFence, givenUp } from './decide'
import { runCommand } from './run-command'

/** Whether the host was written by this: given up, or with the outcome of a command. `seen`: what is known of its silence. */
export async function fence(
  work: Work,
  claim: Claim<'host'>,
  seen: HostSeen,
  machines: readonly ComputeRecord[],
): Promise<boolean> {
  const { wish } = claim.record
  const now = work.clock.now()
  const decision = decideFence(wish, seen, await around(work, claim, machines), now)
  switch (decision.kind) {
    case 'nothing':
      return false
    case 'give-up':
      return giveUp(work, claim, givenUp(wish, seen, decision.how, now), machines)
    case 'run':
      return run(work, claim, seen, machines, decision)
  }
}

async function around(work: Work, { ref }: Claim<'host'>, machines: readonly ComputeRecord[]): Promise<Around> {
  const hosts = await work.store.readAll('host')
  const othersAnswer = hosts.some((host) => host.id !== ref.id && host.seen.contact === 'ok') ? 'yes' : 'no'
  const helps = machines.some(({ wish }) => !wish.exists || optionsOf(wish).restartable) ? 'yes' : 'no'
  return { othersAnswer, helps }
}

async function giveUp(
  work: Work,
  claim: Claim<'host'>,
  seen: HostSeen,
  machines: readonly ComputeRecord[],
): Promise<boolean> {
  const now = work.clock.now()
  const how = seen.fenced?.how
  const written = await across(work, 'result', claim.ref, () =>
    work.store.giveUpHost(claim, seen, `host-fenced-${how}`, now),
  )
  const { name } = claim.record.wish
  work.log.warn({ host: name, epoch: formatEpoch(claim.epoch), how, written, machines: machines.length }, 'host fenced')
  if (written) await tellMachines(work, seen, machines)
  return true
}

/** Machines that have not said yet what becomes of them are woken. */
export async function tellMachines(
  work: Work,
  { fenced }: HostSeen,
  machines: readonly ComputeRecord[],
): Promise<void> {
  if (!fenced) return
  const refs = machines
    .filter(({ journal: { trouble } }) => trouble?.kind !== FENCED || trouble.at < fenced.at)
    .map(({ id }) => ({ kind: 'compute', id }) as const)
  if (refs.length === 0) return
  await work.store.wake(refs, work.clock.now())
  await work.queue.add(refs)
}

/**
 * Announced first, so that no other worker runs it beside this one, and a worker that lost its claim meanwhile does not begin.
 * What it came to is written under a new claim if need be: the host is off, whoever holds it now.
 */
async function run(
  work: Work,
  claim: Claim<'host'>,
  before: HostSeen,
  machines: readonly ComputeRecord[],
  { command, ms }: { readonly command: readonly string[]; readonly ms: number },
): Promise<boolean> {
  const at = work.clock.now()
  const { wish } = claim.record
  const begun: HostSeen = { ...before, fenceRun: { at, outcome: 'running', output: '' } }
  const mayRun = await across(work, 'intent', claim.ref, () =>
    work.store.observe(claim, { seen: begun, what: 'host-fence-begins' }, at),
  )
  if (!mayRun) return true
  const { outcome, output } = await across(work, 'act', claim.ref, () => runCommand(command, wish, ms))
  work.log.warn({ host: wish.name, outcome, output }, 'fence command')
  const current = (await work.store.claim('host', claim.ref.id, work.clock.now())) ?? claim
  const { seen } = current.record
  // It was heard of meanwhile, or another run began.
  if (seen.fenceRun?.at !== at || seen.contact === 'ok') return true
  const now = work.clock.now()
  const after: HostSeen = { ...seen, fenceRun: { at, outcome, output } }
  if (outcome === 'done') return giveUp(work, current, givenUp(current.record.wish, after, 'command', now), machines)
  await across(work, 'result', claim.ref, () =>
    work.store.observe(current, { seen: after, what: 'host-fence-failed' }, now),
  )
  return true
}
