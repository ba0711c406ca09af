/**
 * Everything breaks at random while a tenant orders machines and changes their mind: processes are killed with -9, workers
 * are frozen and wake late, Redis dies. Afterwards every machine is as its owner last asked, once, on one host.
 *
 * CHAOS_SECONDS, CHAOS_MACHINES and CHAOS_SEED make it longer or the same again (`npm run soak`).
 */
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../support/until'
import { Cluster, WORDS, type Word } from './cluster'
import { Chance } from './random'
import { type Credentials, Tenant, type Verb } from './tenant'
import { complaints } from './verdict'

const SECONDS = Number(process.env.CHAOS_SECONDS ?? 25)
const MACHINES = Number(process.env.CHAOS_MACHINES ?? 200)
const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000)
const WORKERS: readonly Word[] = ['worker-1', 'worker-2']

jest.setTimeout((SECONDS + 240) * 1000)

/** One thing breaks, as often as not a worker. */
async function breakSomething(cluster: Cluster, chance: Chance, told: Map<string, number>): Promise<void> {
  const dice = chance.next()
  const note = (what: string) => told.set(what, (told.get(what) ?? 0) + 1)
  if (dice < 0.3) {
    cluster.freeze(chance.pick(WORKERS), chance.between(500, 9_000))
    return void note('worker frozen')
  }
  if (dice < 0.4) {
    await cluster.killRedis()
    return void note('redis killed')
  }
  const word = dice < 0.7 ? chance.pick(WORKERS) : chance.pick(WORDS)
  cluster.kill(word)
  note(`${word} killed`)
}

async function breakUntil(end: number, cluster: Cluster, chance: Chance): Promise<ReadonlyMap<string, number>> {
  const told = new Map<string, number>()
  while (Date.now() < end) {
    await pause(chance.between(200, 1_500))
    await breakSomething(cluster, chance, told)
  }
  return told
}

async function orderAll(tenant: Tenant, chance: Chance, image: string): Promise<void> {
  let left = MACHINES
  while (left > 0) {
    const count = Math.min(left, chance.between(1, 20))
    await tenant.order(count, image)
    left -= count
    await pause(chance.between(0, 300))
  }
}

async function changeMindUntil(end: number, tenant: Tenant, chance: Chance): Promise<void> {
  const verbs: readonly Verb[] = ['stop', 'stop', 'start', 'start', 'reboot', 'terminate']
  while (Date.now() < end) {
    const known = [...tenant.asked.keys()]
    if (known.length > 0) {
      const ids = new Set(Array.from({ length: chance.between(1, 4) }, () => chance.pick(known)))
      await tenant.change(chance.pick(verbs), [...ids])
    }
    await pause(chance.between(0, 80))
  }
}

test(`${MACHINES} machines end as last asked, once, on one host, whatever is killed (seed ${SEED})`, async () => {
  const chance = new Chance(SEED)
  const cluster = await Cluster.start()
  let passed = false
  try {
    const project = await cluster.operate<Credentials & { imageId: string }>('POST', '/projects', { name: 'chaos' })
    const credentials = { ...project, region: 'local-1' }
    const images = await cluster.operate<{ images: { ami: string; name: string }[] }>('GET', '/images')
    const image = images.images.find((each) => each.name === 'tiny')?.ami ?? ''
    const tenant = new Tenant(cluster.endpoints, credentials)
    const end = Date.now() + SECONDS * 1000
    const [told] = await Promise.all([
      breakUntil(end, cluster, chance),
      orderAll(tenant, new Chance(SEED + 1), image),
      changeMindUntil(end, tenant, new Chance(SEED + 2)),
    ])
    await cluster.ready()
    let wrong: readonly string[] = ['not looked yet']
    try {
      await until(
        async () => {
          wrong = complaints(tenant.asked, await tenant.describe(), await cluster.admin.snapshot())
          return wrong.length === 0
        },
        { timeoutMs: 150_000, everyMs: 1_000, what: 'every machine to be as last asked' },
      )
    } catch {
      // the list below says more
    }
    console.info(
      `chaos, seed ${SEED}: ${tenant.asked.size} machines, ${tenant.lostAnswers} answers lost, ${tenant.refusals.length} verbs refused by state; ${JSON.stringify(Object.fromEntries(told))}`,
    )
    expect(wrong).toEqual([])
    expect(tenant.asked.size).toBe(MACHINES)
    tenant.close()
    passed = true
  } finally {
    if (!passed) console.info(`logs are kept in ${cluster.folder}`)
    await cluster.stop({ keep: passed ? 'nothing' : 'logs' })
  }
})
