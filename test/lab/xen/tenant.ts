/** What tests of the whole product ask and wait for, as a tenant and as an operator. */
import { until } from '../../support/until'
import { fetchFrom } from './domains'
import type { Lab } from './lab'
import type { LabHost } from './lab-host'
import type { LabSite } from './site'

/** Asking takes time from the hosts, which are emulated by the same processors. */
export const PATIENCE = { timeoutMs: patient(240_000), everyMs: 4_000 } as const

export const hostOf = ({ hosts }: Lab, name: string): LabHost => {
  const found = hosts.find((host) => host.name === name)
  if (!found) throw new Error(`there is no host ${name}`)
  return found
}

export const otherThan = (name: string): string => (name === 'hv1' ? 'hv2' : 'hv1')

/** `aws ec2 … --output text`. */
export const textOf = async (site: LabSite, ...words: readonly string[]): Promise<string> =>
  (await site.ec2(...words, '--output', 'text')).trim()

export interface Machine {
  readonly instance: string
  readonly address: string
}

/** `aws ec2 run-instances`, with further words of it. */
export async function runInstance(site: LabSite, ...words: readonly string[]): Promise<Machine> {
  const asked = ['--query', 'Instances[0].[InstanceId,PrivateIpAddress]']
  const [instance = '', address = ''] = (await textOf(site, 'run-instances', ...words, ...asked)).split(/\s+/)
  return { instance, address }
}

/** A line of `og instance show`: state, host, message. */
export const shown = async (site: LabSite, instance: string, field: string): Promise<string> =>
  new RegExp(`^${field} +(.*)$`, 'm').exec(await site.og('instance', 'show', instance))?.[1] ?? ''

import { patient } from './patience'

export const runsOn = async (site: LabSite, instance: string, host: string): Promise<boolean> => {
  const said = await site.og('instance', 'show', instance)
  return new RegExp(`^host +${host}$`, 'm').test(said) && /^state +running$/m.test(said)
}

export const comesUpOn = (site: LabSite, instance: string, host: string): Promise<unknown> =>
  until(() => runsOn(site, instance, host), { ...PATIENCE, what: `${instance} to run on ${host}` })

/** GetConsoleOutput, asked until it has a line. */
export const saysOnConsole = (site: LabSite, instance: string, line: string): Promise<unknown> =>
  until(async () => (await textOf(site, 'get-console-output', '--instance-id', instance)).includes(line), {
    ...PATIENCE,
    what: `${instance} to say on its console: ${line}`,
  })

/** Orders the move and asks the guest meanwhile; its ticks from the order to a while after it came. */
export async function ticksOfMove(
  site: LabSite,
  lab: Lab,
  { instance, address }: Machine,
  to: string,
): Promise<readonly number[]> {
  await site.og('instance', 'move', instance, '--to', to)
  const ticks: number[] = []
  const ask = async (): Promise<void> => {
    const answer = await fetchFrom(hostOf(lab, to), address, '/tick')
    if (/^\d+$/.test(answer)) ticks.push(Number(answer))
  }
  await until(
    async () => {
      for (let times = 0; times < 4; times++) await ask()
      return runsOn(site, instance, to)
    },
    { ...PATIENCE, everyMs: 200, what: `${instance} to be on ${to}` },
  )
  const last = ticks.at(-1) ?? 0
  await until(
    async () => {
      await ask()
      return (ticks.at(-1) ?? 0) > last
    },
    { ...PATIENCE, what: `${instance} to answer on ${to}` },
  )
  return ticks
}

/** A guest that went on counts up; one that was started anew would count from 0. */
export const grows = (numbers: readonly number[]): boolean =>
  numbers.every((number, at) => at === 0 || number >= (numbers[at - 1] ?? 0))
