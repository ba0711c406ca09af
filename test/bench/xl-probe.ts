/**
 * What looking at Xen hosts costs us: one host with 100 domains (one ssh command, under 50 ms of our CPU), and 50 hosts with 40 each,
 * every 30 s, by one process (under 20 % of one core). The hosts answer from another process, so only our side is counted.
 */
import { openXenDriver } from '../../workers/drivers/hypervisors/xl'
import { openMemoryImages } from '../support/memory-images'
import type { Figure } from './support/figure'
import { listingOf, startScriptedHosts } from './xl-hosts'

const PERIOD_MS = 30_000
const ROUNDS = 20

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

async function measure(hosts: number, domains: number): Promise<{ readonly cpuMs: number; readonly commands: number }> {
  const scripted = await startScriptedHosts(hosts, listingOf(domains))
  const driver = openXenDriver({
    site: 'local-1',
    images: openMemoryImages(),
    ssh: { keyFile: scripted.keyFile, keepAliveMs: 60_000 },
  })
  const round = async (): Promise<void> => {
    const listings = await Promise.all(scripted.hosts.map((host) => driver.list(host)))
    for (const { machines } of listings)
      if (machines.length !== domains || machines[0]?.domain !== 'running') throw new Error('a host was misread')
  }
  try {
    // Connections, the compiler's warmth, and what comes after a first call.
    for (let i = 0; i < 5; i++) await round()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const before = await scripted.commands()
    const usage = process.cpuUsage()
    for (let i = 0; i < ROUNDS; i++) await round()
    return { cpuMs: cpuMs(usage) / ROUNDS, commands: ((await scripted.commands()) - before) / ROUNDS / hosts }
  } finally {
    await driver.close()
    await scripted.close()
  }
}

export async function xlProbe(): Promise<readonly Figure[]> {
  const one = await measure(1, 100)
  const many = await measure(50, 40)
  const share = (many.cpuMs / PERIOD_MS) * 100
  return [
    {
      what: 'a probe of 100 domains',
      figure: `${one.cpuMs.toFixed(1)} ms of our CPU, ${one.commands} ssh command`,
      bar: 'under 50 ms, 1 command',
      isMet: one.cpuMs < 50 && one.commands === 1,
    },
    {
      what: '50 hosts with 40 domains each, every 30 s',
      figure: `${many.cpuMs.toFixed(0)} ms of our CPU, ${share.toFixed(1)} % of a core`,
      bar: 'under 20 %',
      isMet: share < 20,
    },
  ]
}
