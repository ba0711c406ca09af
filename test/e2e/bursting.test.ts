/**
 * Two clouds from two `up`s on one machine: what no host here can take runs at the partner, by EC2 as long as that account has room and by
 * OCCI, as a partner with an account of its own, from then on. The worker is killed in the middle, and each machine is there once; its owner sees it like every other.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DisassociateAddressCommand,
  EC2Client,
  type Instance,
  ReleaseAddressCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { z } from 'zod'
import { adminClient, findAccess } from '../../src/cli/admin-client'
import { alive, newData, occiGateway, removeData, type Session, startUp, type Up } from '../support/gateway-process'
import { occiClient } from '../support/occi-client'
import { until } from '../support/until'

interface Placed {
  readonly id: string
  readonly name: string
  readonly host: string
}

const COUNT = 12
/** As many of them as the account by EC2, which is cheaper, may have. */
const BY_EC2 = 5
/** What each provider says to one who wants a machine suspended there. */
const NOT_SUSPENDED: Readonly<Record<string, string>> = {
  partner: 'memory is kept only of what was launched there with HibernationOptions.Configured=true',
  'by-occi': 'no access to the hypervisor',
}
const here = newData()
const there = newData()
let home: Up
let partner: Up
let tenant: EC2Client
/** Ours there: the tenant's account, and the one that we have as a partner. */
let guests: readonly EC2Client[] = []
let guest: Session

const clientOf = ({ region, ec2Url: endpoint, accessKeyId, secretAccessKey }: Session): EC2Client =>
  new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })

const ask = (path: string): Promise<unknown> => adminClient(findAccess({ data: here, port: 0 }, {})).get(path)

/** One command at home, or at the partner; its answer as JSON. */
const order = (...words: readonly string[]): Promise<unknown> => command(here, words)
async function command(data: string, words: readonly string[]): Promise<unknown> {
  const ran = await occiGateway([...words, '--data', data, '--json'])
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`)
  return JSON.parse(ran.stdout)
}

beforeAll(async () => {
  partner = await startUp(there, ['--port', '0', '--region', 'partner-1'])
  home = await startUp(here, ['--port', '0', '--host-poll-ms', '1000'])
  tenant = clientOf(home.session())
  const { accessKeyId, secretAccessKey, ec2Url, imageId } = partner.session()
  const secret = join(here, 'partner-secret')
  writeFileSync(secret, `${secretAccessKey}\n`, { mode: 0o600 })
  const account = ['--region', 'partner-1', '--account', accessKeyId, '--secret-file', secret]
  await order('provider', 'add', 'partner', '--kind', 'ec2', '--endpoint', ec2Url, ...account)
  const amounts = ['--cores', '2', '--memory-mib', '4096']
  await order('provider', 'type', 'partner', 't2.medium', ...amounts, '--price', '0.0116', '--count', String(BY_EC2))
  await order('provider', 'image', 'partner', home.session().imageId, imageId)

  const limits = ['--machines', '20', '--cores', '80', '--memory-mib', '200000', '--expires', '1h']
  const credential = (await command(there, ['partner', 'add', 'home', ...limits])) as Session
  guest = { ...partner.session(), ...credential }
  guests = [clientOf(partner.session()), clientOf(guest)]
  const { user, password, occiUrl } = guest
  const word = join(here, 'partner-password')
  writeFileSync(word, `${password}\n`, { mode: 0o600 })
  const login = ['--region', 'partner-1', '--account', user, '--secret-file', word]
  await order('provider', 'add', 'by-occi', '--kind', 'occi', '--endpoint', occiUrl, ...login)
  await order('provider', 'type', 'by-occi', 't2.medium', ...amounts, '--price', '0.0126', '--count', '50')
  await order('provider', 'image', 'by-occi', home.session().imageId, imageId)
}, 90_000)
afterAll(async () => {
  tenant?.destroy()
  for (const client of guests) client.destroy()
  await home?.end('SIGINT')
  await partner?.end('SIGINT')
  for (const data of [here, there]) removeData(data)
})

async function instancesOf(client: EC2Client): Promise<readonly Instance[]> {
  const found = await client.send(new DescribeInstancesCommand({}))
  return (found.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)
}
const stateOf = ({ State }: Instance): string => State?.Name ?? ''
const alivesOf = async (client: EC2Client) => (await instancesOf(client)).filter((one) => stateOf(one) !== 'terminated')
const theirs = async (of: (client: EC2Client) => Promise<readonly Instance[]>) =>
  (await Promise.all(guests.map(of))).flat()
const tagOf = ({ Tags = [] }: Instance): string | undefined =>
  Tags.find(({ Key }) => Key === 'occi-gateway.machine')?.Value

const listed = z.object({
  resources: z.array(z.object({ title: z.string().optional(), attributes: z.looseObject({}) })).default([]),
})
/** Which machine of ours each of theirs is: by its tag where it was ordered by EC2, by its title where by OCCI. */
async function marksThere(): Promise<(instance: Instance) => string> {
  const answer = await occiClient(guest)('GET', 'compute/', { accept: 'application/occi+json' })
  const titles = new Map(
    listed
      .parse(JSON.parse(answer.body))
      .resources.map(({ title = '', attributes }) => [
        attributes['org.occi-gateway.instance.name'],
        title.slice(title.indexOf('i-')),
      ]),
  )
  return (instance) => tagOf(instance) ?? titles.get(instance.InstanceId) ?? 'none'
}

/** All of ours are in that state, each once at the partner. */
const allThere = async (state: string, names: readonly string[]): Promise<boolean> => {
  const [ours, others, markOf] = await Promise.all([alivesOf(tenant), theirs(alivesOf), marksThere()])
  return (
    ours.length === names.length &&
    [...ours, ...others].every((one) => stateOf(one) === state) &&
    JSON.stringify(others.map(markOf).toSorted()) === JSON.stringify([...names].toSorted())
  )
}

let names: readonly string[] = []

test('the partner knows the account, the image and the type, by EC2 and by OCCI', async () => {
  for (const provider of ['partner', 'by-occi'])
    expect(await order('provider', 'check', provider)).toMatchObject({ fit: true })
}, 30_000)

test('with no host here that takes them, machines run at the partner, once each, though the worker is killed', async () => {
  const admin = adminClient(findAccess({ data: here, port: 0 }, {}))
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) await admin.post(`/hosts/sim-${number}/disable`)
  const { imageId, instanceType } = home.session()
  const asked = { ImageId: imageId, InstanceType: instanceType as 't2.nano', MinCount: COUNT, MaxCount: COUNT }
  names = ((await tenant.send(new RunInstancesCommand(asked))).Instances ?? []).map(({ InstanceId = '' }) => InstanceId)
  expect(names).toHaveLength(COUNT)
  await until(async () => (await theirs(alivesOf)).length > 0, { timeoutMs: 30_000, what: 'the first one there' })
  const pid = home.pidOf('worker')
  process.kill(pid, 'SIGKILL')
  await until(() => !alive(pid), { what: 'the worker to be gone' })
  await until(() => allThere('running', names), { timeoutMs: 90_000, what: 'all of them to run', everyMs: 500 })
}, 150_000)

test('explain and show say where each went and why', async () => {
  const went = new Map<string, string>()
  for (const name of names) {
    const { host } = (await ask(`/instances/${name}`)) as { host: string }
    went.set(name, host)
    const told = (await ask(`/instances/${name}/explain`)) as { hosts: { host: string; because: string[] }[] }
    const because = (of: string) => told.hosts.find((one) => one.host === of)?.because
    expect(because('sim-1')).toEqual(['is disabled'])
    expect(because(host)).toEqual([])
    // The cheaper one is full.
    if (host === 'by-occi') expect(because('partner')?.[0]).toMatch(/as many/)
  }
  const at = (provider: string) => [...went.values()].filter((host) => host === provider).length
  expect([at('partner'), at('by-occi')]).toEqual([BY_EC2, COUNT - BY_EC2])
  expect(await order('provider', 'show', 'partner')).toMatchObject({ machines: BY_EC2, contact: 'ok' })
  expect(await order('provider', 'show', 'by-occi')).toMatchObject({ machines: COUNT - BY_EC2, contact: 'ok' })
}, 60_000)

test('its owner stops and starts it like every other, and what cannot be is refused with the reason', async () => {
  const ours = await Promise.all(names.map(async (name) => (await ask(`/instances/${name}`)) as Placed))
  const pair = ['partner', 'by-occi'].map((provider) => ours.find(({ host }) => host === provider)?.name ?? '')
  await tenant.send(new StopInstancesCommand({ InstanceIds: pair }))
  const both = async (state: string) => {
    const [here, there, markOf] = await Promise.all([instancesOf(tenant), theirs(instancesOf), marksThere()])
    const all = [
      ...here.filter(({ InstanceId = '' }) => pair.includes(InstanceId)),
      ...there.filter((one) => pair.includes(markOf(one))),
    ]
    return all.length === 2 * pair.length && all.every((one) => stateOf(one) === state)
  }
  await until(() => both('stopped'), { timeoutMs: 30_000, what: 'both to be stopped' })
  await tenant.send(new StartInstancesCommand({ InstanceIds: pair }))
  await until(() => both('running'), { timeoutMs: 30_000, what: 'both to run again' })

  const occi = occiClient(home.session())
  for (const { id, host } of ours.filter(({ name }) => pair.includes(name))) {
    const suspended = await occi('POST', `compute/${id}?action=suspend`, {
      'content-type': 'text/occi',
      category: 'suspend; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"',
    })
    expect(suspended.status).toBe(501)
    expect(suspended.body).toContain(NOT_SUSPENDED[host])
  }
  expect(await both('running')).toBe(true)
}, 90_000)

test('an address of the provider’s account stays with its machine over stop and start, and is given back there', async () => {
  await order('provider', 'set', 'partner', '--setting', 'addresses=2')
  const ours = await Promise.all(names.map(async (name) => (await ask(`/instances/${name}`)) as Placed))
  const [at, other] = ['partner', 'by-occi'].map((provider) => ours.find(({ host }) => host === provider)?.name ?? '')
  if (!at || !other) throw new Error('a machine at each is needed')
  const { PublicIp = '', AllocationId } = await tenant.send(
    new AllocateAddressCommand({ NetworkBorderGroup: 'partner' }),
  )
  const [account] = guests
  const theirAddress = async () => {
    const Filters = [{ Name: 'public-ip', Values: [PublicIp] }]
    return (await account?.send(new DescribeAddressesCommand({ Filters })))?.Addresses?.[0]
  }
  expect((await theirAddress())?.Tags).toContainEqual({ Key: 'occi-gateway.address', Value: AllocationId })
  await expect(tenant.send(new AssociateAddressCommand({ AllocationId, InstanceId: other }))).rejects.toMatchObject({
    name: 'UnsupportedOperation',
  })
  await tenant.send(new AssociateAddressCommand({ AllocationId, InstanceId: at }))
  const leads = async () => Boolean((await theirAddress())?.InstanceId)
  await until(leads, { timeoutMs: 30_000, what: 'it to lead to the machine there' })
  const shows = async (state: string) => {
    const one = (await instancesOf(tenant)).find(({ InstanceId }) => InstanceId === at)
    return one?.PublicIpAddress === PublicIp && stateOf(one) === state
  }
  await tenant.send(new StopInstancesCommand({ InstanceIds: [at] }))
  await until(() => shows('stopped'), { timeoutMs: 30_000, what: 'it to be stopped with its address' })
  expect(await leads()).toBe(true)
  await tenant.send(new StartInstancesCommand({ InstanceIds: [at] }))
  await until(() => shows('running'), { timeoutMs: 30_000, what: 'it to run again with its address' })
  expect(await leads()).toBe(true)
  await tenant.send(new DisassociateAddressCommand({ PublicIp }))
  await tenant.send(new ReleaseAddressCommand({ AllocationId }))
  await until(async () => (await theirAddress()) === undefined, { timeoutMs: 30_000, what: 'it to be given back' })
}, 120_000)

test('what is terminated here is gone there', async () => {
  await tenant.send(new TerminateInstancesCommand({ InstanceIds: [...names] }))
  await until(async () => (await theirs(alivesOf)).length === 0 && (await alivesOf(tenant)).length === 0, {
    timeoutMs: 60_000,
    what: 'all of them to be gone',
  })
  for (const provider of ['partner', 'by-occi'])
    expect(await ask(`/providers/${provider}`)).toMatchObject({ machines: 0 })
}, 90_000)

test('its orders say where they come from; revoked, it orders nothing, and the reason is told here', async () => {
  const ordered = async () => {
    const { imageId, instanceType } = home.session()
    const asked = { ImageId: imageId, InstanceType: instanceType as 't2.nano', MinCount: 1, MaxCount: 1 }
    const { Instances = [] } = await tenant.send(new RunInstancesCommand(asked))
    return Instances[0]?.InstanceId ?? ''
  }
  await adminClient(findAccess({ data: here, port: 0 }, {})).post('/hosts/partner/disable')
  const sent = await ordered()
  const { id } = (await ask(`/instances/${sent}`)) as Placed
  const told = async () => (await occiClient(guest)('GET', 'compute/', { accept: 'application/occi+json' })).body
  await until(async () => (await told()).includes(`"org.occi-gateway.federation.order":"${id}"`), {
    ...{ timeoutMs: 60_000, everyMs: 500, what: 'an order that says where it comes from' },
  })
  expect(await command(there, ['partner', 'show', 'home'])).toMatchObject({ used: { instances: 1 }, onward: 'never' })

  await command(there, ['partner', 'revoke', 'home'])
  const refused = await ordered()
  const because = async () => {
    const explained = (await ask(`/instances/${refused}/explain`)) as { hosts: { host: string; because: string[] }[] }
    return explained.hosts.find(({ host }) => host === 'by-occi')?.because.join() ?? ''
  }
  await until(async () => /refused it before.*403 forbidden/.test(await because()), {
    ...{ timeoutMs: 60_000, everyMs: 500, what: 'the refusal to be a reason' },
  })
  await tenant.send(new TerminateInstancesCommand({ InstanceIds: [sent, refused] }))
  await until(async () => (await theirs(alivesOf)).length === 0, { timeoutMs: 60_000, what: 'what it had to be ended' })
}, 200_000)
