/**
 * All benches one after another, each in a process of its own, or those named: `npm run bench -- describe-instances`. Prints of
 * each figure what it is, what it stands beside, its bar, and whether it meets that. Exits with 1 when one does not.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeInstances } from './describe-instances'
import { killWorker } from './kill-worker'
import { largeProject } from './large-project'
import { occiLists } from './occi-lists'
import { placement } from './placement'
import { placementDurable } from './placement-durable'
import { rebalancing } from './rebalance'
import { runInstances } from './run-instances'
import { signedRequest } from './signed-request'
import type { Bench, Figure } from './support/figure'
import { xlProbe } from './xl-probe'
import { xlStart } from './xl-start'

const BENCHES: Readonly<Record<string, Bench>> = {
  'describe-instances': describeInstances,
  'large-project': largeProject,
  'signed-request': signedRequest,
  'run-instances': runInstances,
  'occi-lists': occiLists,
  placement,
  'placement-durable': placementDurable,
  rebalance: rebalancing,
  'kill-worker': killWorker,
  'xl-probe': xlProbe,
  'xl-start': xlStart,
}

const load = (): string => readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 2).join(' ')

const told = ({ what, figure, base, bar, isMet }: Figure): string =>
  `  ${what}\n    ${figure}${base === undefined ? '' : `; base ${base}`}; bar: ${bar}: ${isMet ? 'met' : 'NOT MET'}`

/** One bench in this process. */
async function measure(name: string, bench: Bench): Promise<void> {
  console.log(`${name} (load ${load()})`)
  const figures = await bench()
  console.log(`${figures.map(told).join('\n')}\n  load at the end ${load()}`)
  if (figures.some(({ isMet }) => !isMet)) process.exitCode = 1
}

function measureAll(): void {
  const register = join(__dirname, '..', 'support', 'swc-register.js')
  for (const name of Object.keys(BENCHES)) {
    const { status } = spawnSync(process.execPath, ['-r', register, __filename, name], { stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !Object.hasOwn(BENCHES, name))
  if (unknown !== undefined) throw new Error(`no bench ${unknown}; there are ${Object.keys(BENCHES).join(', ')}`)
  if (names.length === 0) return measureAll()
  for (const name of names) {
    const bench = BENCHES[name]
    if (bench) await measure(name, bench)
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
