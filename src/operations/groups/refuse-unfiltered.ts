import { fault } from '../../faults'
import type { Mirror } from '../../store/store'

/**
 * What no host of the site can do is refused before anything changes: a host without a packet filter declares that it lacks `rules`.
 * Before the first host has answered nobody can know. Faults: 'unsupported', with the hosts' reason.
 */
export function refuseUnfiltered(mirror: Pick<Mirror, 'all'>): void {
  const hosts = mirror.all('host').filter(({ wish, seen }) => !wish.removing && seen.capabilities !== null)
  const lacks = hosts.map(({ seen }) => seen.capabilities?.lacks.find(({ verb }) => verb === 'rules'))
  const [first] = lacks
  if (first === undefined || lacks.includes(undefined)) return
  throw fault('unsupported', `no host of this site can filter traffic: ${first.because}`)
}
