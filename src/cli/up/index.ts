/**
 * `occi-gateway up`: everything on one machine, each part in a process of its own. Redis first (all lean on it), then the
 * simulator, the gateway and the worker; ended in the opposite order, so that nobody loses what they stand on.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config'
import { fault } from '../../faults'
import { reachableUrl } from '../../reachable-url'
import { takeLock } from '../../store/owner-lock'
import { adminClient, findAccess } from '../admin-client'
import { readSession } from '../session'
import { version } from '../version'
import { firstSession } from './first-session'
import { freePort } from './free-port'
import { greeting } from './greeting'
import { awaitLeftovers, processList } from './processes'
import { cleanRuntimeFolder, makeRuntimeFolder, runtimeFolder } from './runtime-folder'
import { simulatedHosts } from './simulated-hosts'
import { startAll } from './starting'
import { aborted, whenTold } from './when-told'

const tell = (line: string): void => {
  process.stderr.write(`occi-gateway: ${line}\n`)
}

/** Runs until it is told to end (Ctrl-C, SIGTERM, SIGHUP). 'in-use': the data folder or the port is another's. */
export async function up(config: Config): Promise<void> {
  const since = performance.now()
  makeDataFolder(config.data)
  const unlock = takeLock(join(config.data, 'up.lock'))
  const told = whenTold()
  try {
    await awaitLeftovers(config.data)
    const port = await freePort(config.port, config.listen)
    const runtime = runtimeFolder(config.data)
    makeRuntimeFolder(runtime)
    // A Redis that outlived a killed start still listens there, and is adopted.
    cleanRuntimeFolder(runtime, ['redis.sock'])
    const stop = await start({ ...config, port }, { runtime, since, told })
    await aborted(told)
    tell('ending …')
    const ending = performance.now()
    await stop()
    rmSync(runtime, { recursive: true, force: true })
    tell(`ended after ${((performance.now() - ending) / 1000).toFixed(1)} s; the state is kept in ${config.data}`)
  } catch (error) {
    if (!told.aborted) throw error
    tell('ended while it started')
  } finally {
    unlock()
  }
}

function makeDataFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw fault('invalid', `${data} cannot be the data folder (${why}): name another one with --data`, { cause })
  }
}

interface Circumstances {
  readonly runtime: string
  readonly since: number
  readonly told: AbortSignal
}

async function start(config: Config, { runtime, since, told }: Circumstances): Promise<() => Promise<void>> {
  const url = reachableUrl(config.listen, config.port)
  const list = processList(config.data, { port: config.port, url, runtime })
  const stopAll = await startAll({
    config,
    runtime,
    logs: join(config.data, 'logs'),
    url,
    tell,
    started: (name, pid) => list.add(name, pid),
    told,
  })
  const stop = async () => {
    await stopAll()
    list.remove()
  }
  try {
    const continued = readSession(config.data) !== undefined
    const access = { ...findAccess(config, {}), url }
    const admin = adminClient(access)
    const session = await firstSession(admin, { data: config.data, region: config.site, url: config.publicUrl ?? url })
    const hosts = await simulatedHosts(admin)
    const seconds = (performance.now() - since) / 1000
    process.stdout.write(
      greeting({ version: version(), session, data: config.data, simulatedHosts: hosts, seconds, continued }),
    )
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}
