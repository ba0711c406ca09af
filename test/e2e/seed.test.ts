/**
 * From what a tenant orders to what the guest is told: the disk that reached the (simulated) host is the one made of what the
 * front shows. The simulator keeps only the SHA-256 of its bytes, so it is made here once more.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { nocloudDisk, type Seed } from '../../src/metadata/nocloud'
import {
  describeWithAws,
  newData,
  occiGateway,
  removeData,
  run,
  startUp,
  tenantEnvironment,
  type Up,
} from '../support/gateway-process'
import { COMPUTE_CATEGORY, occiClient } from '../support/occi-client'
import { until } from '../support/until'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDd2SY1qRH1ixv2H0ZVQ0XSNYb4rOdTTTVQoAJv7WPTL me@desk'
/** As a key pair keeps it: without the comment. */
const PAIR = KEY.replace(' me@desk', '')
const SECRET = 'not-for-any-log-7f3a'
const data = newData()
let up: Up

beforeAll(async () => {
  up = await startUp(data)
})
afterAll(async () => {
  await up.end('SIGINT')
  removeData(data)
})

const resource = z.looseObject({
  machine: z.looseObject({
    definition: z.looseObject({
      seed: z.string(),
      interfaces: z.array(z.looseObject({ mac: z.string(), address: z.string() })),
    }),
  }),
})

/** What a simulated host was told of a machine. */
function definitionOf(name: string) {
  const hosts = join(data, 'simulator', 'hosts')
  const file = readdirSync(hosts)
    .map((host) => join(hosts, host, 'resources', `${name}.json`))
    .find((path) => existsSync(path))
  return file === undefined
    ? undefined
    : resource.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.machine.definition
}

/** Its seed's digest, as soon as it is that of these words. */
async function expectSeed(name: string, told: Pick<Seed, 'hostname' | 'publicKeys' | 'userData'>): Promise<void> {
  await until(async () => definitionOf(name) !== undefined, { what: `${name} to be defined` })
  const expected = () => {
    const [one] = definitionOf(name)?.interfaces ?? []
    const interfaces = one
      ? [{ name: 'eth0', mac: one.mac, address: one.address, cidr: '10.0.0.0/16', gateway: '10.0.0.1', dns: [] }]
      : []
    const disk = nocloudDisk({ instanceId: name, ...told, interfaces })
    return createHash('sha256').update(disk).digest('hex')
  }
  await until(async () => definitionOf(name)?.seed === expected(), { what: `the seed of ${name}` })
  expect(definitionOf(name)?.seed).toBe(expected())
}

/** Files below the data folder (Redis, logs, audit, simulator) in which the secret stands. */
const leaks = (): readonly string[] => {
  const found = spawnSync('grep', ['-r', '-a', '-l', '-e', SECRET, data], { encoding: 'utf8' })
  return found.stdout.split('\n').filter((file) => file !== '')
}

test('OCCI: ssh_key, user_data and host name come to the guest', async () => {
  const client = occiClient(up.session())
  const userData = `#!/bin/sh\necho ${SECRET}\n`
  const body = [
    `Category: ${COMPUTE_CATEGORY}`,
    'Category: ssh_key; scheme="http://schemas.ogf.org/occi/infrastructure/credentials#"; class="mixin"',
    'Category: user_data; scheme="http://schemas.ogf.org/occi/infrastructure/compute#"; class="mixin"',
    'X-OCCI-Attribute: occi.compute.hostname="web"',
    `X-OCCI-Attribute: occi.credentials.ssh.publickey="${KEY}"`,
    `X-OCCI-Attribute: occi.compute.userdata="${Buffer.from(userData).toString('base64')}"`,
    '',
  ].join('\n')
  const made = await client('POST', 'compute/', { 'content-type': 'text/plain' }, body)
  expect({ status: made.status, body: made.body }).toMatchObject({ status: 201 })
  const id = new URL(made.headers.get('location') ?? '').pathname.split('/').at(-1) ?? ''
  const { stdout } = await occiGateway(['instance', 'show', id, '--json', '--data', data])
  const { name } = z.looseObject({ name: z.string() }).parse(JSON.parse(stdout))
  await expectSeed(name, { hostname: 'web', publicKeys: [KEY], userData: Buffer.from(userData) })
  expect(leaks()).toEqual([])
})

describeWithAws('the aws client', (aws) => {
  const ec2 = async (...words: string[]): Promise<unknown> => {
    const { ec2Url } = up.session()
    const all = ['ec2', ...words, '--endpoint-url', ec2Url, '--output', 'json']
    const { code, stdout, stderr } = await run(aws, all, tenantEnvironment(up.session()))
    if (code !== 0) throw new Error(`aws ec2 ${words.join(' ')}: ${stderr}`)
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }
  const started = z.object({ Instances: z.array(z.object({ InstanceId: z.string() })) })
  const state = async (id: string): Promise<string> =>
    z
      .object({
        Reservations: z.array(z.object({ Instances: z.array(z.object({ State: z.object({ Name: z.string() }) })) })),
      })
      .parse(await ec2('describe-instances', '--instance-ids', id)).Reservations[0]?.Instances[0]?.State.Name ?? ''

  test('key pair and user data, bytes as they are, come to the guest; others while it is off come to its next start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seed-e2e-'))
    try {
      const zipped = gzipSync(`#cloud-config\n# ${SECRET}\n`)
      writeFileSync(join(folder, 'data.gz'), zipped)
      writeFileSync(join(folder, 'key.pub'), KEY)
      writeFileSync(join(folder, 'second'), Buffer.from('second').toString('base64'))
      await ec2('import-key-pair', '--key-name', 'desk', '--public-key-material', `fileb://${join(folder, 'key.pub')}`)
      const { imageId } = up.session()
      const order = ['run-instances', '--image-id', imageId, '--key-name', 'desk']
      const made = started.parse(await ec2(...order, '--user-data', `fileb://${join(folder, 'data.gz')}`))
      const id = made.Instances[0]?.InstanceId ?? ''
      await expectSeed(id, { hostname: id, publicKeys: [PAIR], userData: zipped })
      await until(async () => (await state(id)) === 'running', { what: `${id} to run`, timeoutMs: 20_000 })
      await ec2('stop-instances', '--instance-ids', id)
      await until(async () => (await state(id)) === 'stopped', { what: `${id} to stop`, timeoutMs: 20_000 })
      await ec2(
        'modify-instance-attribute',
        '--instance-id',
        id,
        '--attribute',
        'userData',
        '--value',
        `file://${join(folder, 'second')}`,
      )
      await expectSeed(id, { hostname: id, publicKeys: [PAIR], userData: Buffer.from('second') })
      expect(leaks()).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 60_000)
})
