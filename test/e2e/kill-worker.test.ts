/** kill -9 of the worker in the middle of 200 machines: all of them run in the end, each once. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { alive, newData, removeData, startUp, type Up } from '../support/gateway-process'
import { until } from '../support/until'

const COUNT = 200
const data = newData()
let up: Up
let client: EC2Client

beforeAll(async () => {
  up = await startUp(data)
  const { region, ec2Url: endpoint, accessKeyId, secretAccessKey } = up.session()
  client = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
})
afterAll(async () => {
  client.destroy()
  await up.end('SIGINT')
  removeData(data)
})

async function counts(): Promise<Readonly<Record<string, number>>> {
  const found = await client.send(new DescribeInstancesCommand({}))
  const states = (found.Reservations ?? []).flatMap((it) => (it.Instances ?? []).map((one) => one.State?.Name ?? ''))
  const sum: Record<string, number> = {}
  for (const state of states) sum[state] = (sum[state] ?? 0) + 1
  return sum
}

/** What the simulated hosts have, from their files: name of the machine to the hosts that know it. */
function onHosts(): Map<string, string[]> {
  const hosts = join(data, 'simulator', 'hosts')
  const found = new Map<string, string[]>()
  for (const host of readdirSync(hosts)) {
    const folder = join(hosts, host, 'resources')
    for (const file of readdirSync(folder).filter((name) => /^i-.*\.json$/.test(name))) {
      const { name, machine }: { name: string; machine: unknown } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      if (machine !== null) found.set(name, [...(found.get(name) ?? []), host])
    }
  }
  return found
}

test('all 200 run, once each', async () => {
  const { imageId, instanceType } = up.session()
  const order = { ImageId: imageId, InstanceType: instanceType as 't2.nano', MinCount: COUNT, MaxCount: COUNT }
  const made = await client.send(new RunInstancesCommand(order))
  expect(made.Instances).toHaveLength(COUNT)
  const before = await until(
    async () => {
      const { running = 0 } = await counts()
      return running
    },
    { what: 'the first machine to run', everyMs: 2 },
  )
  const pid = up.pidOf('worker')
  process.kill(pid, 'SIGKILL')
  await until(() => !alive(pid), { what: 'the worker to be gone' })
  expect(before).toBeLessThan(COUNT)
  await until(async () => (await counts()).running === COUNT, { timeoutMs: 60_000, everyMs: 100, what: 'all to run' })
  const found = onHosts()
  expect(found.size).toBe(COUNT)
  expect([...found.values()].filter((hosts) => hosts.length !== 1)).toEqual([])
  expect(up.output()).toMatch(/worker ended \(SIGKILL\)/)
}, 90_000)
