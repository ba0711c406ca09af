/** A running lab host as a test sees it. */
import { until } from '../../support/until'
import type { Ran } from './build/command'
import { doorOf } from './build/door'
import { type HostProcess, startHost } from './host-process'
import { patient } from './patience'
import { DEVICES, type HostPlan } from './qemu'
import { type Door, runScript, type SshOptions } from './ssh'
import { noted } from './transcript'

/** `management`: what ssh comes in by; `cable`: between both hosts' bridges (guests' traffic, `xl migrate`). */
export type Network = keyof typeof DEVICES

export interface HostMonitor {
  /** A network goes dead: ssh hangs. The forwarded port still accepts connections. */
  cut(network?: Network): Promise<void>
  join(network?: Network): Promise<void>
  /** Power cut: its machines and all that was in memory are gone. */
  kill(): Promise<void>
  /** Cold start after `kill`, on the same disk and port; resolves when sshd answers (15-30 s). */
  boot(): Promise<void>
  /** From now on what goes over a network is written to a file of this machine, frame by frame (frames.ts). */
  capture(file: string, network: Network): Promise<void>
  /** Stops its processor: nothing answers, nothing runs, until `thaw`. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** The last of what Xen and dom0 said on their console. */
  console(): string
}

export interface LabHost extends Door {
  /** On the bridge that joins both hosts. */
  readonly address: string
  readonly monitor: HostMonitor
  /** Runs a script by `sh`, as root. */
  sh(script: string, options?: SshOptions): Promise<Ran>
  /** What a script prints; throws with its words when it fails. */
  print(script: string, options?: SshOptions): Promise<string>
}

/** Starts a host; resolves when sshd answers and its clock is right. `folder` keeps files of the ssh client. */
export async function startLabHost(plan: HostPlan, folder: string): Promise<LabHost> {
  let process: HostProcess | undefined = await startHost(plan)
  const door = doorOf(plan.image, plan.host.name, process.sshPort)
  const running = (): HostProcess => {
    if (!process) throw new Error(`${plan.host.name} is switched off`)
    return process
  }
  const link = (network: Network, up: boolean) => running().monitor.execute('set_link', { name: DEVICES[network], up })
  const kill = async (): Promise<void> => {
    const ending = process
    process = undefined
    await ending?.cutPower()
  }
  const sh = (script: string, options?: SshOptions): Promise<Ran> =>
    noted(
      `(${plan.host.name}) ${script}`,
      () => runScript(door, folder, script, { connection: 'shared', ...options }),
      said,
    )
  const host: LabHost = {
    ...door,
    address: plan.host.address,
    sh,
    print: async (script, options) => {
      const { code, stdout, stderr } = await sh(script, options)
      if (code !== 0) throw new Error(`${plan.host.name}: exit ${code} of ${script}\n${stderr}${stdout}`)
      return stdout
    },
    monitor: {
      cut: async (network = 'management') => void (await link(network, false)),
      join: async (network = 'management') => void (await link(network, true)),
      kill,
      boot: async () => {
        if (process) throw new Error(`${plan.host.name} runs`)
        process = await startHost({ ...plan, start: 'cold', sshPort: door.sshPort })
        await answers(host)
      },
      capture: async (file, network) =>
        void (await running().monitor.execute('object-add', {
          ...{ 'qom-type': 'filter-dump', id: `capture-${network}`, netdev: DEVICES[network], file },
        })),
      freeze: async () => void (await running().monitor.execute('stop')),
      thaw: async () => void (await running().monitor.execute('cont')),
      console: () => running().console(),
    },
  }
  await answers(host).catch(async (error: unknown) => {
    await kill()
    throw error
  })
  return host
}

const said = ({ code, stdout, stderr }: Ran): string => `${stdout}${stderr}${code === 0 ? '' : `exit ${code}`}`

/** A snapshot's clock stands where it was taken; after a cold start it is QEMU's, which is right. */
const answers = (host: LabHost): Promise<unknown> =>
  until(
    async () => (await host.sh(`date -s @${Math.round(Date.now() / 1000)}`, { timeoutMs: patient(10_000) })).code === 0,
    {
      timeoutMs: patient(120_000),
      everyMs: 200,
      what: `sshd of ${host.name}`,
    },
  )
