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
import { patient } from './patience'
import { introduceHosts, type LabSite, startSite, TYPE, ZONE } from './site'
import {
  grows,
  hostOf,
  type Machine,
  otherThan,
  PATIENCE,
  runInstance,
  saysOnConsole,
  shown,
  textOf,
  ticksOfMove,
} from './tenant'
import { noted } from './transcript'
import { useLab } from './use-lab'

const lab = useLab()
let site: LabSite
let before: readonly (readonly string[])[]
let key: TenantKey

beforeAll(async () => {
  before = await Promise.all(lab().hosts.map(leftOn))
  site = await startSite(lab())
  await introduceHosts(lab())
  key = await tenantKey(lab(), 'desk')
}, patient(300_000))
afterAll(() => site?.close())

/** The tenant's key as it is kept: without its comment. */
const keptKey = (): string => key.publicKey.split(' ').slice(0, 2).join(' ')

describe('by aws', () => {
  let machine: Machine

  test('a machine of a key pair and user data tells name, address and key on its console', async () => {
    const userData = join(lab().folder, 'first-boot.sh')
    writeFileSync(userData, '#!/bin/sh\necho "user data ran on $(hostname)" > /www/from-user-data\n')
    await site.ec2('import-key-pair', '--key-name', 'desk', '--public-key-material', `fileb://${key.file}.pub`)
    machine = await runInstance(
      site,
      ...['--image-id', site.session.imageId, '--instance-type', TYPE, '--key-name', 'desk'],
      ...['--user-data', `file://${userData}`],
    )
    const { instance, address } = machine
    await site.ec2('wait', 'instance-running', '--instance-ids', instance)
    await saysOnConsole(site, instance, `GUEST hostname=${instance} address=${address}/24 key=${keptKey()}`)
    const other = hostOf(lab(), otherThan(await shown(site, instance, 'host')))
    expect(await answered(other, address)).toBe(instance)
    expect(await fetchFrom(other, address, '/from-user-data')).toBe(`user data ran on ${instance}`)
  })

  test('moves to the other host while it runs, and goes on there', async () => {
    const from = await shown(site, machine.instance, 'host')
    const ticks = await ticksOfMove(site, lab(), machine, otherThan(from))
    expect(ticks.length).toBeGreaterThan(2)
    expect(grows(ticks)).toBe(true)
    expect(await hostOf(lab(), from).print('xl list')).not.toContain(machine.instance)
  })

  test('takes a volume while it runs', async () => {
    const { instance } = machine
    const volume = await textOf(
      site,
      ...['create-volume', '--availability-zone', ZONE, '--size', '1', '--query', 'VolumeId'],
    )
    await site.ec2('attach-volume', '--volume-id', volume, '--instance-id', instance, '--device', '/dev/sdf')
    await until(
      async () =>
        (await textOf(
          site,
          'describe-volumes',
          '--volume-ids',
          volume,
          '--query',
          'Volumes[0].Attachments[0].State',
        )) === 'attached',
      { ...PATIENCE, what: `${volume} to be attached` },
    )
    await saysOnConsole(site, instance, 'xvdf')
    await site.ec2('detach-volume', '--volume-id', volume)
    await site.ec2('wait', 'volume-available', '--volume-ids', volume)
    await site.ec2('delete-volume', '--volume-id', volume)
    await site.ec2('wait', 'volume-deleted', '--volume-ids', volume)
  })

  test('ends', async () => {
    await site.ec2('terminate-instances', '--instance-ids', machine.instance)
    await site.ec2('wait', 'instance-terminated', '--instance-ids', machine.instance)
  })
})

describe('by OCCI', () => {
  let path = ''
  let machine: Machine
  const client = (method: string, target: string, headers: Record<string, string> = {}, body?: string) =>
    noted(
      `OCCI ${method} ${target}${body ? `\n${body}` : ''}`,
      () => occiClient(site.session)(method, target, headers, body),
      ({ status, body: answer }) => `HTTP ${status}\n${answer}`,
    )
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
    const instance = await attribute('org.occi-gateway.instance.name')
    const address = await attribute('occi.networkinterface.address')
    machine = { instance, address }
    expect(address).toMatch(/^192\.168\.77\./)
    await saysOnConsole(site, instance, `GUEST hostname=web-1 address=${address}/24 key=${keptKey()}`)
  })

  test('moves while it runs', async () => {
    const to = otherThan(await shown(site, machine.instance, 'host'))
    const ticks = await ticksOfMove(site, lab(), machine, to)
    expect(grows(ticks)).toBe(true)
    expect(await attribute('occi.compute.state')).toBe('active')
  })

  test('is deleted', async () => {
    expect((await client('DELETE', path)).status).toBe(200)
    await until(async () => (await shown(site, machine.instance, 'state')) === 'done', {
      ...PATIENCE,
      what: `${machine.instance} to be gone`,
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
