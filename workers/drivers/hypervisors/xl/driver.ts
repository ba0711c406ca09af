/**
 * Machines on Xen hosts by xl(1) over ssh. What a host has to do is in host/*.sh, run by the guard there; this file only says what,
 * and reads the answers. Disks are transfer's, networks the network deeds'; attaching either to a machine is ours.
 */
import { fault } from '../../../../src/faults'
import type { MachineSighting } from '../../../../src/model/machine'
import type { Driver, Effect, EffectTicket, HostTarget, MachineDefinition, PowerOrder, Ticket } from '../../driver'
import type { GuardedHost, Seen } from '../../guard/guarded-host'
import { watchWords } from '../../guard/watch'
import type { Networks } from '../../network'
import { type Disks, isLacking } from '../../transfer'
import { adopts } from './adopt'
import { xlHost } from './call'
import { vdevNumber, vdevOf } from './config/device'
import { weightOf } from './config/head'
import { networkLine, nicLine, pieces, word } from './config/pieces'
import { move } from './move'
import { sectionsOf } from './parse/answer'
import { NO_ADDRESSES, parseListing, parseProbe } from './probe'
import { sightingOf, surveyOf } from './sighting'
import { whatOf } from './words'

export interface XlOptions {
  readonly guarded: GuardedHost
  readonly disks: Disks
  readonly networks: Networks
  /** How a host joins, is marked for its own fence and is left (join.ts). */
  readonly joins: Required<Pick<Driver, 'check' | 'leave' | 'mark'>>
  /** Lets go of what the driver's parts were opened with. */
  readonly close: () => Promise<void>
}

const LIST_BYTES = 16 * 1024 ** 2

export function openXlDriver({ guarded, disks, networks, joins, close }: XlOptions): Driver {
  const xl = xlHost(guarded)

  const find = async (host: HostTarget, ticket: Ticket): Promise<MachineSighting> => {
    const seen = await xl.look(host, ticket, 'xl_machine')
    return sightingOf(surveyOf(sectionsOf(seen.payload.toString('utf8'))), ticket.resource, workOf(seen))
  }

  const define = async (host: HostTarget, ticket: EffectTicket, definition: MachineDefinition): Promise<Effect> => {
    if (definition.name !== ticket.resource)
      throw fault('refused', `the definition is of ${definition.name}, the ticket of ${ticket.resource}`)
    const text = pieces(definition)
    const { boot } = definition
    const files = [boot?.kernel ?? null, boot?.initramfs ?? null].flatMap((file) => file ?? [])
    const write = () => xl.now(host, ticket, 'xl_define', [], Buffer.from(text))
    try {
      return await write()
    } catch (thrown) {
      if (!isLacking(thrown)) throw thrown
    }
    const came = await disks.ensureFiles(host, ticket, files)
    return came.state === 'running' ? came : write()
  }

  return {
    kind: 'xl',
    capacity: async (host) => parseProbe((await xl.free(host, 'xl_probe')).toString('utf8')),
    list: async (host, watch) => {
      const bytes = await xl.free(host, 'xl_watched_list', watchWords(watch), { maxBytes: LIST_BYTES })
      return parseListing(bytes.toString('utf8'), whatOf)
    },
    find,
    disk: {
      ...disks.disk,
      attach: (host, ticket, { name, device }) => {
        const vdev = vdevOf(device)
        return xl.now(host, ticket, 'xl_attach_disk', [word(name), vdev, String(vdevNumber(vdev))])
      },
      detach: (host, ticket, name) => xl.now(host, ticket, 'xl_detach_disk', [word(name)]),
    },
    network: {
      ...networks.network,
      attach: (host, ticket, order) =>
        xl.now(host, ticket, 'xl_attach_nic', [...nicLine(order).split(' '), ...networkLine(order.network).split(' ')]),
      detach: (host, ticket, mac) => xl.now(host, ticket, 'xl_detach_nic', [mac]),
      rules: () => Promise.reject(fault('unsupported', 'the driver of Xen hosts does not filter traffic yet')),
      publish: () => Promise.reject(fault('unsupported', NO_ADDRESSES)),
    },
    define,
    undefine: (host, ticket) => xl.now(host, ticket, 'xl_undefine'),
    resize: (host, ticket, { cores, cpuHundredths, memoryMiB }) =>
      xl.slow(host, ticket, 'xl_resize', [cores, memoryMiB, cpuHundredths, weightOf(cpuHundredths)].map(String)),
    ...adopts(xl),
    power: (host, ticket, order) => power(xl, find, host, ticket, order),
    save: async (host, ticket) => {
      // Refused at once where there is nothing to save; what is under way or done is answered by its key.
      const { domain, work } = await find(host, ticket)
      if (work?.key !== ticket.key && domain !== 'running' && domain !== 'paused' && domain !== 'saved')
        throw fault('refused', `${ticket.resource} is ${domain}: no memory to save`)
      return xl.slow(host, ticket, 'xl_save')
    },
    move: (host, ticket, order) => move(xl, host, ticket, order),
    async console(host, ticket) {
      const { payload } = await xl.look(host, ticket, 'xl_console')
      return { text: newest(payload), at: Date.now() }
    },
    ...joins,
    cancel: (host, ticket) => guarded.cancel(host, ticket),
    async close() {
      await guarded.close()
      await close()
    },
  }
}

const workOf = ({ work }: Seen): MachineSighting['work'] => work && { ...work, what: whatOf(work.what) }

type Find = (host: HostTarget, ticket: Ticket) => Promise<MachineSighting>

/** What takes the guest's time, or builds a domain, runs detached; a cut and a pause are done at once. */
async function power(
  xl: ReturnType<typeof xlHost>,
  find: Find,
  host: HostTarget,
  ticket: EffectTicket,
  order: PowerOrder,
): Promise<Effect> {
  if ('again' in order) {
    const { domain, work } = await find(host, ticket)
    const able = domain === 'running' || (order.again === 'reset' && (domain === 'paused' || domain === 'crashed'))
    if (!able && work?.key !== ticket.key) throw fault('refused', `${ticket.resource} is ${domain}: no ${order.again}`)
    return xl.slow(host, ticket, `xl_${order.again}`)
  }
  switch (order.to) {
    case 'on':
      return xl.slow(host, ticket, 'xl_on')
    case 'off':
      return order.how === 'hard' ? xl.now(host, ticket, 'xl_cut') : xl.slow(host, ticket, 'xl_shutdown')
    case 'paused':
      return xl.now(host, ticket, 'xl_pause')
    case 'unpaused':
      return xl.now(host, ticket, 'xl_unpause')
  }
}

const CONSOLE_BYTES = 65_536

/** The newest 64 KiB as text: bytes that are no UTF-8 become replacement characters, which are longer. */
export function newest(bytes: Buffer): string {
  const text = bytes.subarray(-CONSOLE_BYTES).toString('utf8').replace(/\r\n/g, '\n')
  const again = Buffer.from(text, 'utf8')
  if (again.length <= CONSOLE_BYTES) return text
  let from = again.length - CONSOLE_BYTES
  while (((again[from] ?? 0) & 0xc0) === 0x80) from++
  return again.subarray(from).toString('utf8')
}
