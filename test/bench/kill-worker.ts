/**
 * kill -9 of the worker in the middle of 200 machines: how long until all of them run, by the real thing (`up` from dist/).
 */
import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { newData, removeData, startUp } from '../support/gateway-process'
import { until } from '../support/until'
import type { Figure } from './support/figure'

const COUNT = 200
const ROUNDS = 3
/** As the end-to-end test of the same demands. */
const MOST_MS = 60_000

export async function killWorker(): Promise<readonly Figure[]> {
  const data = newData()
  const up = await startUp(data, ['--port', '0', '--concurrency', '32'])
  const { region, ec2Url: endpoint, imageId, ...keys } = up.session()
  const { accessKeyId, secretAccessKey } = keys
  const client = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
  const instances = async () => {
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}))
    return Reservations.flatMap(({ Instances = [] }) => Instances)
  }
  const running = async () => (await instances()).filter(({ State }) => State?.Name === 'running').length
  const all = async () => (await running()) === COUNT

  async function round(kill: 'kill' | 'spare'): Promise<{ readonly killedAt: number; readonly ms: number }> {
    const order = { ImageId: imageId, InstanceType: 't2.nano' as const, MinCount: COUNT, MaxCount: COUNT }
    await client.send(new RunInstancesCommand(order))
    const killedAt = await until(running, { what: 'the first machine to run', everyMs: 5 })
    const from = performance.now()
    if (kill === 'kill') process.kill(up.pidOf('worker'), 'SIGKILL')
    await until(all, { timeoutMs: 120_000, everyMs: 50, what: 'all to run' })
    const ms = performance.now() - from
    const InstanceIds = (await instances()).flatMap(({ InstanceId, State }) =>
      InstanceId && State?.Name === 'running' ? [InstanceId] : [],
    )
    await client.send(new TerminateInstancesCommand({ InstanceIds }))
    const gone = async () => (await instances()).every(({ State }) => State?.Name === 'terminated')
    await until(gone, { timeoutMs: 120_000, everyMs: 100, what: 'all to be gone' })
    return { killedAt, ms }
  }

  try {
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
    const base = (await round('spare')).ms
    const killed: { readonly killedAt: number; readonly ms: number }[] = []
    for (let i = 0; i < ROUNDS; i++) killed.push(await round('kill'))
    const worst = Math.max(...killed.map(({ ms }) => ms))
    return [
      {
        what: `kill -9 of the worker when ${killed.map(({ killedAt }) => killedAt).join(', ')} of ${COUNT} machines ran: until all run`,
        figure: killed.map(({ ms }) => seconds(ms)).join(', '),
        base: `${seconds(base)} undisturbed`,
        bar: `at most ${seconds(MOST_MS)}`,
        isMet: worst <= MOST_MS,
      },
    ]
  } finally {
    client.destroy()
    await up.end('SIGINT')
    removeData(data)
  }
}
