/** Machines that are to leave their hosts, as the admin API shows them. */
import type { Leaver } from '../model/records'
import type { DrainProgress } from '../operations/relocation/operations'

const time = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())

const showLeaver = ({ id, name, state, message, tried, refused = [] }: Leaver) => ({
  id,
  name,
  state,
  how: tried?.how ?? null,
  to: tried?.toName ?? null,
  message,
  refused: refused.map((one) => ({ how: one.how, to: one.toName, at: time(one.at), message: one.message })),
})

export const showDrain = ({ host, state, machines, volumes }: DrainProgress) => ({
  host: host.wish.name,
  state,
  since: time(host.wish.drain?.at),
  by: host.wish.drain?.by ?? null,
  parallel: host.wish.drain?.parallel ?? null,
  contact: host.seen.contact,
  machines: machines.map(showLeaver),
  volumes,
})
