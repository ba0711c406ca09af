/**
 * Hosts that die and hosts that are cut off, with real machines: what may be restarted and needs no disk there runs elsewhere, what has
 * its disk there alone stays unknown, and says which. Each test goes on from the one before.
 */
import { until } from '../../support/until'
import { answered, lives } from './domains'
import type { LabHost } from './lab-host'
import { leftOn } from './left-on'
import { patient } from './patience'
import { contactOf, type LabSite, startSite, TYPE } from './site'
import { comesUpOn, type Machine, PATIENCE, runInstance, runsOn, shown, textOf } from './tenant'
import { useLab } from './use-lab'

/** Seconds after which a cut-off host ends what may be restarted. The emulated hosts may be slow to answer, so it is not shorter. */
const SELF_FENCE = 45

const lab = useLab()
let site: LabSite

beforeAll(async () => {
  site = await startSite(lab())
}, patient(300_000))
afterAll(() => site?.close())

/** A machine that may be restarted. */
async function machine(...words: readonly string[]): Promise<Machine> {
  const made = await runInstance(site, '--image-id', site.session.imageId, '--instance-type', TYPE, ...words)
  const order = ['modify-instance-maintenance-options', '--instance-id', made.instance, '--auto-recovery', 'default']
  await site.ec2(...order)
  return made
}

/** Where a machine's domain runs at one moment, asked on the second host: it reaches the first one by the cable, which is never cut. */
async function whereItLives(instance: string): Promise<string> {
  const [hv1, hv2] = lab().hosts
  // A domain that is gone, shut down or dying is none. What a host does not say is `?`.
  const state = `xl list 2>/dev/null | awk -v n=${instance} 'NR == 1 { said = 1 } $1 == n && $5 !~ /[scd]/ { lives = 1 } END { print said ? (lives ? "lives" : "none") : "?" }'`
  const there = `ssh -o BatchMode=yes -o ConnectTimeout=5 ${hv1.address} sh -s <<'END' || echo '?'\n${state}\nEND`
  const [first = '?', second = '?'] = (await hv2.sh(`${there}\n${state}`)).stdout.split('\n')
  return `hv1 ${first}, hv2 ${second}`
}

/** Domains that are not dom0, and files of machines and disks. */
const ours = async (host: LabHost): Promise<readonly string[]> =>
  (await leftOn(host)).filter((line) => /^domain (?!Domain-0)|^file .*\/(machines|disks|snapshots)\//.test(line))

let diskless: Machine
let onDisk: Machine
let volume = ''

test('two machines on one host, one with a volume from its start', async () => {
  await site.og('host', 'disable', 'hv1')
  diskless = await machine()
  onDisk = await machine('--block-device-mappings', 'DeviceName=/dev/sdf,Ebs={VolumeSize=1}')
  for (const { instance } of [diskless, onDisk]) await comesUpOn(site, instance, 'hv2')
  await site.og('host', 'enable', 'hv1')
  const attached = ['--query', `Volumes[?Attachments[0].InstanceId=='${onDisk.instance}'].VolumeId`]
  volume = await textOf(site, 'describe-volumes', ...attached)
  expect(volume).toMatch(/^vol-[0-9a-f]{17}$/)
  for (const { address, instance } of [diskless, onDisk]) expect(await answered(lab().hosts[1], address)).toBe(instance)
})

test('its power is lost, its operator fences it: the diskless one runs elsewhere, the one with a disk there stays unknown', async () => {
  const [hv1, hv2] = lab().hosts
  await hv2.monitor.kill()
  await until(async () => (await shown(site, diskless.instance, 'state')) === 'unknown', {
    ...PATIENCE,
    what: 'the machines to be unknown',
  })
  // EC2 has no such word: it stays what it was, and is never shown as stopped.
  const asked = ['--instance-ids', diskless.instance, '--query', 'Reservations[].Instances[].State.Name']
  expect(await textOf(site, 'describe-instances', ...asked)).toBe('running')
  await site.og('host', 'fence', 'hv2', '--confirmed')
  await comesUpOn(site, diskless.instance, 'hv1')
  expect(await answered(hv1, diskless.address)).toBe(diskless.instance)
  expect(await shown(site, onDisk.instance, 'state')).toBe('unknown')
  expect(await shown(site, onDisk.instance, 'message')).toContain(volume)
  expect(await shown(site, onDisk.instance, 'host')).toBe('hv2')
  expect(await hv1.print('xl list')).not.toContain(onDisk.instance)
})

test('the host is back: the machine with its disk there runs again on that disk, the other one stays where it is', async () => {
  const [hv1, hv2] = lab().hosts
  await hv2.monitor.boot()
  await comesUpOn(site, onDisk.instance, 'hv2')
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
  const seen: string[] = []
  await until(
    async () => {
      seen.push(await whereItLives(diskless.instance))
      return runsOn(site, diskless.instance, 'hv2')
    },
    { ...PATIENCE, what: `${diskless.instance} to run on hv2` },
  )
  // The host was up all the time and ended it by itself, and only then it was made on the other one.
  const known = seen.filter((one) => !one.includes('?'))
  const steps = known.filter((one, at) => one !== known[at - 1])
  expect(steps.slice(0, 2)).toEqual(['hv1 lives, hv2 none', 'hv1 none, hv2 none'])
  expect(['hv1 none, hv2 lives', undefined]).toContain(steps[2])
  expect(await whereItLives(diskless.instance)).toBe('hv1 none, hv2 lives')
  expect(await answered(hv2, diskless.address)).toBe(diskless.instance)
  await hv1.monitor.join()
  await until(async () => (await contactOf(site.og, 'hv1')) === 'ok', { ...PATIENCE, what: 'hv1 to be heard again' })
  expect(await lives(hv1, diskless.instance)).toBe(false)
  expect(await lives(hv2, diskless.instance)).toBe(true)
})

test('both hosts are clean once it has ended', async () => {
  await site.ec2('terminate-instances', '--instance-ids', diskless.instance)
  await site.ec2('wait', 'instance-terminated', '--instance-ids', diskless.instance)
  for (const host of lab().hosts) {
    await until(async () => (await ours(host)).length === 0, { ...PATIENCE, what: `${host.name} to be clean` })
    expect({ host: host.name, left: await ours(host) }).toEqual({ host: host.name, left: [] })
  }
})
