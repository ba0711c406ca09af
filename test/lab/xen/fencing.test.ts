/**
 * Hosts that die and hosts that are cut off, with real machines: what may be restarted and needs no disk there runs elsewhere, what has
 * its disk there alone stays unknown, and says which. Each test goes on from the one before.
 */
import { until } from '../../support/until'
import { answered, fetchFrom, lives } from './domains'
import { contactOf, type LabSite, startSite, TYPE } from './site'
import { useLab } from './use-lab'

const PATIENCE = { timeoutMs: 240_000, everyMs: 1_000 }
/** Seconds after which a cut-off host ends what may be restarted. The emulated hosts may be slow to answer, so it is not shorter. */
const SELF_FENCE = 45

const lab = useLab()
let site: LabSite

beforeAll(async () => {
  site = await startSite(lab())
}, 300_000)
afterAll(() => site?.close())

const text = async (...words: readonly string[]): Promise<string> =>
  (await site.ec2(...words, '--output', 'text')).trim()

const shown = async (instance: string, field: string): Promise<string> =>
  new RegExp(`^${field} +(.*)$`, 'm').exec(await site.og('instance', 'show', instance))?.[1] ?? ''

interface Machine {
  readonly instance: string
  readonly address: string
}

/** A machine that may be restarted. */
async function machine(...words: readonly string[]): Promise<Machine> {
  const made = await text(
    ...['run-instances', '--image-id', site.session.imageId, '--instance-type', TYPE, ...words],
    ...['--query', 'Instances[0].[InstanceId,PrivateIpAddress]'],
  )
  const [instance = '', address = ''] = made.split(/\s+/)
  await site.ec2('modify-instance-maintenance-options', '--instance-id', instance, '--auto-recovery', 'default')
  return { instance, address }
}

const comesUpOn = (host: string, { instance }: Machine): Promise<unknown> =>
  until(async () => (await shown(instance, 'host')) === host && (await shown(instance, 'state')) === 'running', {
    ...PATIENCE,
    what: `${instance} to run on ${host}`,
  })

let diskless: Machine
let onDisk: Machine
let volume = ''

test('two machines on one host, one with a volume from its start', async () => {
  await site.og('host', 'disable', 'hv1')
  diskless = await machine()
  onDisk = await machine('--block-device-mappings', 'DeviceName=/dev/sdf,Ebs={VolumeSize=1}')
  await site.ec2('wait', 'instance-running', '--instance-ids', diskless.instance, onDisk.instance)
  await site.og('host', 'enable', 'hv1')
  const attached = ['--query', `Volumes[?Attachments[0].InstanceId=='${onDisk.instance}'].VolumeId`]
  volume = await text('describe-volumes', ...attached)
  expect(volume).toMatch(/^vol-[0-9a-f]{17}$/)
  for (const { address, instance } of [diskless, onDisk]) expect(await answered(lab().hosts[1], address)).toBe(instance)
})

test('its power is lost, its operator fences it: the diskless one runs elsewhere, the one with a disk there stays unknown', async () => {
  const [hv1, hv2] = lab().hosts
  await hv2.monitor.kill()
  await until(async () => (await shown(diskless.instance, 'state')) === 'unknown', {
    ...PATIENCE,
    what: 'the machines to be unknown',
  })
  // EC2 has no such word: it stays what it was, and is never shown as stopped.
  expect(
    await text(
      'describe-instances',
      '--instance-ids',
      diskless.instance,
      '--query',
      'Reservations[].Instances[].State.Name',
    ),
  ).toBe('running')
  await site.og('host', 'fence', 'hv2', '--confirmed')
  await comesUpOn('hv1', diskless)
  expect(await answered(hv1, diskless.address)).toBe(diskless.instance)
  expect(await shown(onDisk.instance, 'state')).toBe('unknown')
  expect(await shown(onDisk.instance, 'message')).toContain(volume)
  expect(await shown(onDisk.instance, 'host')).toBe('hv2')
  expect(await hv1.print('xl list')).not.toContain(onDisk.instance)
})

test('the host is back: the machine with its disk there runs again on that disk, the other one stays where it is', async () => {
  const [hv1, hv2] = lab().hosts
  await hv2.monitor.boot()
  await comesUpOn('hv2', onDisk)
  expect(await answered(hv2, onDisk.address)).toBe(onDisk.instance)
  expect(await hv2.print(`xl block-list ${onDisk.instance} | tail -n +2 | wc -l`)).toBe('2\n')
  expect(await hv2.print('xl list')).not.toContain(diskless.instance)
  expect(await lives(hv1, diskless.instance)).toBe(true)
  await site.ec2('terminate-instances', '--instance-ids', onDisk.instance)
  await site.ec2('wait', 'instance-terminated', '--instance-ids', onDisk.instance)
})

test('a host that is cut off ends what may be restarted by itself, and only then it runs elsewhere', async () => {
  const [hv1, hv2] = lab().hosts
  await site.og('host', 'set', 'hv1', '--self-fence', String(SELF_FENCE))
  await until(async () => /last granted \d/.test(await site.og('host', 'show', 'hv1')), {
    ...PATIENCE,
    what: 'hv1 to be granted time',
  })
  await hv1.monitor.cut()
  const both: string[] = []
  await until(
    async () => {
      // The cable is not cut: a guest answers wherever it runs, and its count of seconds tells which one it is.
      both.push(await fetchFrom(hv2, diskless.address, '/tick'))
      return (
        (await shown(diskless.instance, 'host')) === 'hv2' && (await shown(diskless.instance, 'state')) === 'running'
      )
    },
    { ...PATIENCE, what: `${diskless.instance} to run on hv2` },
  )
  expect(await answered(hv2, diskless.address)).toBe(diskless.instance)
  // It was silent in between: the old one had ended before the new one was made.
  expect(both).toContain('')
  await hv1.monitor.join()
  await until(async () => (await contactOf(site.og, 'hv1')) === 'ok', { ...PATIENCE, what: 'hv1 to be heard again' })
  expect(await lives(hv1, diskless.instance)).toBe(false)
  expect(await lives(hv2, diskless.instance)).toBe(true)
})
