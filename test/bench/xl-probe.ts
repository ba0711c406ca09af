/**
 * What looking at Xen hosts costs us: one host with 100 domains (one ssh command, under 50 ms of our CPU), and 50 hosts with 40 each,
 * every 30 s, by one process (under 20 % of one core). The hosts answer from another process, so only our side is counted.
 *
 *     node -r ./test/support/swc-register.js test/bench/xl-probe.ts
 */
import { openXenDriver } from '../../workers/drivers/hypervisors/xl'
import { openMemoryImages } from '../support/memory-images'
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

const verdict = (isGood: unknown): string => (isGood ? 'ok' : 'NOT WITHIN ITS BAR')

async function main(): Promise<void> {
  const one = await measure(1, 100)
  const isGood = one.cpuMs < 50 && one.commands === 1
  console.log(
    `a probe of 100 domains: ${one.cpuMs.toFixed(1)} ms of our CPU, ${one.commands} ssh command (bar: 50 ms, 1): ${verdict(isGood)}`,
  )
  const many = await measure(50, 40)
  const share = (many.cpuMs / PERIOD_MS) * 100
  console.log(
    `50 hosts with 40 domains every 30 s: ${many.cpuMs.toFixed(0)} ms of our CPU, ${share.toFixed(1)} % of a core (bar: 20 %): ${verdict(share < 20)}`,
  )
  if (!isGood || share >= 20) process.exitCode = 1
}

void main()
