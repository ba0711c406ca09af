/** Machines that are to leave their hosts, as the admin API shows them. */
import type { Leaver } from '../model/records'
import type { DrainProgress } from '../operations/relocation/operations'
import { isoTime } from './render-time'

const showLeaver = ({ id, name, state, message, tried, refused = [] }: Leaver) => ({
  id,
  name,
  state,
  how: tried?.how ?? null,
  to: tried?.toName ?? null,
  message,
  refused: refused.map((one) => ({ how: one.how, to: one.toName, at: isoTime(one.at), message: one.message })),
})

export const showDrain = ({ host, state, machines, volumes }: DrainProgress) => ({
  host: host.wish.name,
  state,
  since: isoTime(host.wish.drain?.at),
  by: host.wish.drain?.by ?? null,
  parallel: host.wish.drain?.parallel ?? null,
  contact: host.seen.contact,
  machines: machines.map(showLeaver),
  volumes,
})
