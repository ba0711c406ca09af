/** The EC2 driver under the contract of all drivers and that of providers, against the EC2 front of a partner gateway of ours. */
import { EC2_LACKS } from '../../workers/drivers/providers/ec2/lacks'
import { asks, closeEc2Partner, openEc2Stage as open } from '../support/ec2-stage'
import type { WireFault } from '../support/provider-wire'
import { until } from '../support/until'
import { definitionOf, endMachine, faultOf, type Lack, machineOn, openBench, through } from './driver/bench'
import { driverContract } from './driver-contract'
import { providerContract, type WiredStage } from './provider-contract'

afterAll(closeEc2Partner)

const LACKS: readonly Lack[] = [
  ...EC2_LACKS.map(({ verb, because }) => ({ what: verb as Lack['what'], because })),
  { what: 'pause', because: 'EC2 knows no pause' },
  { what: 'own disks', because: 'disks come and go with the machine' },
]

driverContract({ name: 'ec2', open, lacks: LACKS, whole: { because: 'a provider has no such parts, and no guard' } })

providerContract({
  name: 'ec2',
  open,
  is: {
    create: asks('RunInstances'),
    end: asks('TerminateInstances'),
    stop: asks('StopInstances'),
    list: asks('DescribeInstances'),
  },
  throttle: {
    kind: 'answer',
    status: 503,
    body: '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow</Message></Error></Errors><RequestID>r</RequestID></Response>',
  },
  idempotent: 'yes',
})

describe('volumes on the wire', () => {
  const ONE = '<Response><Errors><Error><Code>InternalError</Code></Error></Errors><RequestID>r</RequestID></Response>'
  const FAULTS: readonly (readonly [string, WireFault])[] = [
    ['the connection is cut before it was done', { kind: 'cut-before' }],
    ['the connection is cut after it was done', { kind: 'cut-after' }],
    ['it answers 503 after it was done', { kind: 'answer-after', status: 503, body: ONE }],
  ]
  const bench = openBench(open, LACKS)
  /** Again under its key, whatever is not known. */
  const persist = async (order: () => Promise<{ readonly state: string }>): Promise<void> => {
    const isDone = async () => (await order().catch(() => ({ state: 'unknown' }))).state === 'done'
    await until(isDone, { timeoutMs: 20_000, everyMs: 50, what: 'it to be through' })
  }

  test.each(FAULTS)('one volume is made, hung on, grown, taken off and removed although %s', async (_what, broken) => {
    const { driver, here, wire } = bench.stage() as WiredStage
    const { name: machine } = await machineOn(bench, 'on')
    const name = bench.fresh().replace('i-', 'vol-')
    const order = { name, sizeGiB: 1, source: { from: 'blank' }, provider: { beside: machine, type: 'gp2' } } as const
    const keyOf = (resource: string) => bench.claim(resource).effect()
    const [make, grow, remove] = [keyOf(name), keyOf(name), keyOf(name)]
    const [hang, take] = [keyOf(machine), keyOf(machine)]
    const broke = (action: string) => wire.next(broken, asks(action))
    const disks = async () => (await driver.find(here, bench.claim(name).look)).disks

    broke('CreateVolume')
    await persist(() => driver.disk.ensure(here, make, order))
    expect((await driver.list(here)).volumes?.filter((one) => one === name)).toHaveLength(1)
    broke('AttachVolume')
    await persist(() => driver.disk.attach(here, hang, { name, device: '/dev/sdf' }))
    broke('ModifyVolume')
    await persist(() => driver.disk.grow(here, grow, name, 3))
    expect(await disks()).toMatchObject([{ name, sizeGiB: 3, attached: true }])
    broke('DetachVolume')
    await persist(() => driver.disk.detach(here, take, name))
    broke('DeleteVolume')
    await persist(() => driver.disk.remove(here, remove, name))
    expect(await disks()).toEqual([])
    // Each fault was met.
    wire.calm()
    const made = wire.requests.filter((request) => asks('CreateVolume')(request) && request.body.includes(name))
    expect(made.length).toBeGreaterThanOrEqual(broken.kind === 'cut-before' ? 2 : 1)
    const tokens = made.map(({ body }) => new URLSearchParams(body).get('ClientToken'))
    expect(new Set(tokens).size).toBe(1)
    await endMachine(bench, machine)
  })

  test('a list of volumes that is broken is a fault; one that its user may not ask for tells nothing', async () => {
    const { driver, here, wire } = bench.stage() as WiredStage
    wire.next({ kind: 'cut-before' }, asks('DescribeVolumes'))
    await faultOf(driver.list(here), 'unreachable')
    const body = ONE.replace('InternalError', 'UnauthorizedOperation')
    wire.next({ kind: 'answer', status: 403, body }, asks('DescribeVolumes'))
    expect(await driver.list(here)).not.toHaveProperty('volumes')
  })
})

describe('machines that were launched to be hibernated', () => {
  const GONE = '<Response><Errors><Error><Code>Unavailable</Code></Error></Errors><RequestID>r</RequestID></Response>'
  const FAULTS: readonly (readonly [string, WireFault | undefined])[] = [
    ['all is well', undefined],
    ['the connection is cut before it was done', { kind: 'cut-before' }],
    ['the connection is cut after it was done', { kind: 'cut-after' }],
    ['it answers 503 after it was done', { kind: 'answer-after', status: 503, body: GONE }],
  ]
  const bench = openBench(open, LACKS)
  const look = (name: string) => bench.stage().driver.find(bench.stage().here, bench.claim(name).look)
  const made = async (): Promise<string> => {
    const stage = bench.stage()
    const definition = definitionOf(stage, bench.fresh())
    const ticket = bench.claim(definition.name).effect()
    const order = stage.order && { ...stage.order, hibernates: true as const }
    await through(() => stage.driver.define(stage.here, ticket, { ...definition, ...(order ? { order } : {}) }))
    return definition.name
  }

  test.each(FAULTS)(
    'one is saved, seen saved by every look, and goes on as the same object where %s',
    async (_what, broken) => {
      const { driver, here, wire } = bench.stage() as WiredStage
      const name = await made()
      const { given } = await look(name)
      expect(given).toMatchObject({ hibernates: true })
      const ticket = bench.claim(name).effect()
      if (broken) wire.next(broken, asks('StopInstances'))
      const save = async () => (await driver.save(here, ticket).catch(() => ({ state: 'unknown' }))).state === 'done'
      await until(save, { timeoutMs: 20_000, everyMs: 50, what: 'it to be saved' })
      wire.calm()
      expect(await look(name)).toMatchObject({ domain: 'saved', startedAt: null, given: { object: given?.object } })
      expect((await driver.list(here)).machines).toContainEqual(expect.objectContaining({ name, domain: 'saved' }))
      // Again, under another key: it is saved already.
      expect(await driver.save(here, bench.claim(name).effect())).toMatchObject({ state: 'done' })

      const start = bench.claim(name).effect()
      await through(() => driver.power(here, start, { to: 'on' }))
      expect(await look(name)).toMatchObject({ domain: 'running', given: { object: given?.object } })
      await endMachine(bench, name)
    },
  )

  test('turned off it is off, and has no memory to keep', async () => {
    const { driver, here } = bench.stage()
    const name = await made()
    const ticket = bench.claim(name).effect()
    await through(() => driver.power(here, ticket, { to: 'off', how: 'graceful' }))
    expect((await look(name)).domain).toBe('off')
    await faultOf(driver.save(here, bench.claim(name).effect()), 'refused')
    await endMachine(bench, name)
  })

  test('saved, it is ended by one call, like one that is on or off', async () => {
    const { driver, here } = bench.stage()
    const name = await made()
    const [save, end] = [bench.claim(name).effect(), bench.claim(name).effect()]
    await through(() => driver.save(here, save))
    await through(() => driver.undefine(here, end))
    expect((await look(name)).domain).toBe('absent')
  })
})

test('a public key is brought there once, however many machines have it', async () => {
  const stage = await open()
  const claim = { era: 1_700_000_000_000, number: 1 }
  const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFmopYCfhk6siCmUYycMTMC41HF3SjZ4D/Ho2zLIgvB4 me@desk'
  const order = stage.order && { ...stage.order, publicKey }
  for (const name of ['i-000000000000key01', 'i-000000000000key02']) {
    const definition = { ...definitionOf(stage, name), ...(order ? { order } : {}) }
    const ticket = { resource: name, epoch: claim, key: `${name}/define/up/1` }
    await through(() => stage.driver.define(stage.here, ticket, definition))
    await through(() => stage.driver.undefine(stage.here, { ...ticket, key: `${name}/define/down/2` }))
  }
  expect(stage.wire.requests.filter(asks('ImportKeyPair'))).toHaveLength(2)
  await stage.close()
})
