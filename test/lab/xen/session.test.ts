/**
 * The whole product on real Xen hosts, by its clients: machines are ordered by `aws` and by OCCI, tell their name, address and key on
 * their consoles, move while they answer, take a volume, end, and leave their hosts as they were. Each test goes on from the one before.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPUTE_CATEGORY, occiClient } from '../../support/occi-client'
import { until } from '../../support/until'
import { answered, fetchFrom } from './domains'
import { type TenantKey, tenantKey } from './guest-ssh'
import { leftOn } from './left-on'
import { introduceHosts, type LabSite, startSite, TYPE, ZONE } from './site'
import { useLab } from './use-lab'

const PATIENCE = { timeoutMs: 240_000, everyMs: 1_000 }

const lab = useLab()
let site: LabSite
let before: readonly (readonly string[])[]
let key: TenantKey

beforeAll(async () => {
  before = await Promise.all(lab().hosts.map(leftOn))
  site = await startSite(lab())
  await introduceHosts(lab())
  key = await tenantKey(lab(), 'desk')
}, 300_000)
afterAll(() => site?.close())

const doorOf = (name: string) => {
  const found = lab().hosts.find((host) => host.name === name)
  if (!found) throw new Error(`there is no host ${name}`)
  return found
}
const otherThan = (name: string): string => (name === 'hv1' ? 'hv2' : 'hv1')

const shown = async (instance: string, field: string): Promise<string> =>
  new RegExp(`^${field} +(.*)$`, 'm').exec(await site.og('instance', 'show', instance))?.[1] ?? ''

/** The tenant's key as it is kept: without its comment. */
const keptKey = (): string => key.publicKey.split(' ').slice(0, 2).join(' ')

const text = async (...words: readonly string[]): Promise<string> =>
  (await site.ec2(...words, '--output', 'text')).trim()

const saysOnConsole = (instance: string, line: string): Promise<unknown> =>
  until(async () => (await text('get-console-output', '--instance-id', instance)).includes(line), {
    ...PATIENCE,
    what: `${instance} to say on its console: ${line}`,
  })

/** Orders the move and asks the guest meanwhile; its ticks from the order to a while after it came. */
async function ticksOfMove(instance: string, address: string, to: string): Promise<readonly number[]> {
  await site.og('instance', 'move', instance, '--to', to)
  const ticks: number[] = []
  const ask = async (): Promise<void> => {
    const answer = await fetchFrom(doorOf(to), address, '/tick')
    if (/^\d+$/.test(answer)) ticks.push(Number(answer))
  }
  await until(
    async () => {
      await ask()
      return (await shown(instance, 'state')) === 'running' && (await shown(instance, 'host')) === to
    },
    { ...PATIENCE, everyMs: 200, what: `${instance} to be on ${to}` },
  )
  const last = ticks.at(-1) ?? 0
  await until(
    async () => {
      await ask()
      return (ticks.at(-1) ?? 0) > last
    },
    { ...PATIENCE, what: `${instance} to answer on ${to}` },
  )
  return ticks
}

const grows = (numbers: readonly number[]): boolean =>
  numbers.every((number, at) => at === 0 || number >= (numbers[at - 1] ?? 0))

describe('by aws', () => {
  let instance = ''
  let address = ''

  test('a machine of a key pair and user data tells name, address and key on its console', async () => {
    const userData = join(lab().folder, 'first-boot.sh')
    writeFileSync(userData, '#!/bin/sh\necho "user data ran on $(hostname)" > /www/from-user-data\n')
    await site.ec2('import-key-pair', '--key-name', 'desk', '--public-key-material', `fileb://${key.file}.pub`)
    const made = await text(
      ...['run-instances', '--image-id', site.session.imageId, '--instance-type', TYPE, '--key-name', 'desk'],
      ...['--user-data', `file://${userData}`, '--query', 'Instances[0].[InstanceId,PrivateIpAddress]'],
    )
    ;[instance = '', address = ''] = made.split(/\s+/)
    await site.ec2('wait', 'instance-running', '--instance-ids', instance)
    await saysOnConsole(instance, `GUEST hostname=${instance} address=${address}/24 key=${keptKey()}`)
    const other = doorOf(otherThan(await shown(instance, 'host')))
    expect(await answered(other, address)).toBe(instance)
    expect(await fetchFrom(other, address, '/from-user-data')).toBe(`user data ran on ${instance}`)
  })

  test('moves to the other host while it runs, and goes on there', async () => {
    const from = await shown(instance, 'host')
    const ticks = await ticksOfMove(instance, address, otherThan(from))
    expect(ticks.length).toBeGreaterThan(2)
    expect(grows(ticks)).toBe(true)
    expect(await doorOf(from).print('xl list')).not.toContain(instance)
  })

  test('takes a volume while it runs', async () => {
    const volume = await text(...['create-volume', '--availability-zone', ZONE, '--size', '1', '--query', 'VolumeId'])
    await site.ec2('attach-volume', '--volume-id', volume, '--instance-id', instance, '--device', '/dev/sdf')
    await until(
      async () =>
        (await text('describe-volumes', '--volume-ids', volume, '--query', 'Volumes[0].Attachments[0].State')) ===
        'attached',
      { ...PATIENCE, what: `${volume} to be attached` },
    )
    await saysOnConsole(instance, 'xvdf')
    await site.ec2('detach-volume', '--volume-id', volume)
    await site.ec2('wait', 'volume-available', '--volume-ids', volume)
    await site.ec2('delete-volume', '--volume-id', volume)
    await site.ec2('wait', 'volume-deleted', '--volume-ids', volume)
  })

  test('ends', async () => {
    await site.ec2('terminate-instances', '--instance-ids', instance)
    await site.ec2('wait', 'instance-terminated', '--instance-ids', instance)
  })
})

describe('by OCCI', () => {
  let path = ''
  let instance = ''
  let address = ''
  const client = (method: string, target: string, headers: Record<string, string> = {}, body?: string) =>
    occiClient(site.session)(method, target, headers, body)
  const attribute = async (name: string): Promise<string> =>
    new RegExp(`\\b${name.replaceAll('.', '\\.')}="?([^";]+)`).exec(
      (await client('GET', path, { accept: 'text/plain' })).body,
    )?.[1] ?? ''

  test('a machine with a host name and a key tells them on its console', async () => {
    const body = [
      `Category: ${COMPUTE_CATEGORY}`,
      `Category: ${TYPE.replace('.', '_')}; scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"; class="mixin"`,
      'Category: ssh_key; scheme="http://schemas.ogf.org/occi/infrastructure/credentials#"; class="mixin"',
      'X-OCCI-Attribute: occi.compute.hostname="web-1"',
      `X-OCCI-Attribute: occi.credentials.ssh.publickey="${key.publicKey}"`,
      '',
    ]
    const made = await client('POST', 'compute/', { 'content-type': 'text/plain' }, body.join('\n'))
    expect({ status: made.status, body: made.body }).toMatchObject({ status: 201 })
    path = new URL(made.headers.get('location') ?? '').pathname
    await until(async () => (await attribute('occi.compute.state')) === 'active', {
      ...PATIENCE,
      what: `${path} to be active`,
    })
    instance = await attribute('org.occi-gateway.instance.name')
    address = await attribute('occi.networkinterface.address')
    expect(address).toMatch(/^192\.168\.77\./)
    await saysOnConsole(instance, `GUEST hostname=web-1 address=${address}/24 key=${keptKey()}`)
  })

  test('moves while it runs', async () => {
    const ticks = await ticksOfMove(instance, address, otherThan(await shown(instance, 'host')))
    expect(grows(ticks)).toBe(true)
    expect(await attribute('occi.compute.state')).toBe('active')
  })

  test('is deleted', async () => {
    expect((await client('DELETE', path)).status).toBe(200)
    await until(async () => (await shown(instance, 'state')) === 'done', {
      ...PATIENCE,
      what: `${instance} to be gone`,
    })
  })
})

test('nothing is left on the hosts once they have gone', async () => {
  for (const host of lab().hosts) {
    const files = (await leftOn(host)).filter((line) => /^file .*\/(machines|disks|snapshots)\//.test(line))
    expect({ host: host.name, files }).toEqual({ host: host.name, files: [] })
    await site.og('host', 'remove', host.name)
  }
  await until(async () => (await site.og('host', 'list')).includes('no hosts'), { ...PATIENCE, what: 'hosts to go' })
  const clean = (lines: readonly string[] = []) => lines.filter((line) => !line.startsWith('file'))
  for (const [at, host] of lab().hosts.entries()) {
    const after = await leftOn(host)
    expect(clean(after)).toEqual(clean(before[at]))
    // The operator's own file (introduceHosts) is his.
    expect(after.filter((line) => line.startsWith('file') && !line.endsWith('/ssh_config'))).toEqual([])
    expect((await host.sh('test -e /var/lib/occi-gateway/guard')).code).toBe(1)
  }
})
