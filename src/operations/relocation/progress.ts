import type { ComputeRecord, HostRecord, Leaver } from '../../model/records'
import { volumesOf } from '../../model/storage'
import type { Context } from '../context'
import { hostNamed } from '../named'
import { freshEverywhere } from '../watch-computes'
import type { DrainProgress } from './operations'

/** What is still on a host, and how each of it stands. Fault: 'not-found'. */
export async function drainProgress(context: Context, name: string): Promise<DrainProgress> {
  const [site] = await Promise.all([context.store.read('relocation', 'site'), freshEverywhere(context)])
  const host = hostNamed(context, name)
  const here = context.mirror.all('compute').filter(({ place }) => place.host === host.id)
  const told = new Map(site?.seen?.leavers.map((leaver) => [leaver.id, leaver]))
  const machines = here.map((record) => stand(record, host, told.get(record.id)))
  const volumes = strayVolumes(context, host, here)
  const isEmpty = machines.length === 0 && volumes.length === 0
  return { host, state: !host.wish.drain ? 'none' : isEmpty ? 'drained' : 'draining', machines, volumes }
}

function stand(record: ComputeRecord, host: HostRecord, told: Leaver | undefined): Leaver {
  const base = { id: record.id, name: record.wish.name, from: host.id, cause: 'drain' } as const
  if (!record.wish.exists) return { ...base, state: 'waits', message: 'it is being deleted' }
  // What was told of it may be of another host, or older than its move.
  if (record.place.moving) return { ...base, ...told, state: 'moving', message: null }
  return told?.from === host.id ? told : { ...base, state: 'waits', message: null }
}

/** Volumes that hang on no machine of that host. */
function strayVolumes({ mirror }: Context, host: HostRecord, here: readonly ComputeRecord[]): DrainProgress['volumes'] {
  const going = new Set<string>(here.flatMap((record) => volumesOf(record).map(({ storage }) => storage)))
  return mirror
    .all('storage')
    .filter(({ id, place, seen }) => place.host === host.id && seen.goneAt === null && !going.has(id))
    .map(({ wish, seen }) => ({ name: wish.name, message: whyStays(wish.exists, seen.pool ?? null) }))
}

function whyStays(exists: boolean, pool: string | null): string {
  if (!exists) return 'it is being deleted'
  return pool === null
    ? 'no machine takes it along: attach it to one, or make a snapshot of it'
    : `it goes with the next machine that it is attached to: it lies on the shared storage ${pool}`
}
