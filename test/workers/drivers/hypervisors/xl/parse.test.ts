import { parseBlockList, parseNetworkList } from '../../../../../workers/drivers/hypervisors/xl/parse/devices'
import { parseDomains, parseFlags } from '../../../../../workers/drivers/hypervisors/xl/parse/domains'
import { parseInfo } from '../../../../../workers/drivers/hypervisors/xl/parse/info'
import { parseXentop } from '../../../../../workers/drivers/hypervisors/xl/parse/xentop'
import { recorded, recordedCases } from './recorded'

const out = (name: string): string => recorded(name).out

describe('xl list', () => {
  test('every recorded list reads, and begins with the host itself', () => {
    const lists = recordedCases('xl-list').filter((one) => / list( -v)?$/.test(one.command))
    expect(lists.length).toBeGreaterThan(7)
    for (const { out: text } of lists) expect(parseDomains(text)[0]).toMatchObject({ name: 'Domain-0', domid: 0 })
  })

  test('with uuids', () => {
    const flags = { running: false, blocked: true, paused: false, shutdown: null, dying: false }
    expect(parseDomains(out('xl-list-v'))[1]).toEqual({
      name: 'pv1',
      domid: 2,
      memoryMiB: 192,
      vcpus: 1,
      flags,
      cpuSeconds: 3.9,
      uuid: '6f1d2a3b-0001-4000-8000-000000000001',
    })
    expect(parseDomains(out('xl-list'))[1]).toMatchObject({ name: 'pv1', uuid: null })
  })

  test.each([
    ['xl-list', 'pv2', { paused: true, shutdown: null }],
    ['xl-list-paused', 'pv1', { paused: true, blocked: true }],
    ['xl-list-crashed', 'pv5', { shutdown: 'crash', paused: false }],
    ['xl-list-v-crashed', 'pv5', { shutdown: 'crash' }],
    ['xl-list-final', 'pv1', { shutdown: 'poweroff', paused: true }],
  ])('%s: %s', (name, domain, expected) => {
    expect(parseDomains(out(name)).find((one) => one.name === domain)?.flags).toMatchObject(expected)
  })

  test('letters of a state: shut down for a restart, with nobody left to do it', () => {
    expect(parseFlags('---sr-').shutdown).toBe('reboot')
    expect(parseFlags('---ss-').shutdown).toBe('suspend')
    expect(parseFlags('---sw-').shutdown).toBe('watchdog')
    expect(parseFlags('-----d')).toMatchObject({ dying: true, shutdown: null })
    expect(() => parseFlags('rbpscdx')).toThrow()
  })

  test('a guest may shut down for any reason of its own: the list reads, and it is off', () => {
    const title = out('xl-list-v').split('\n')[0]
    const row = (flags: string, reason: string) =>
      `pv1     7    96     1     ${flags}       3.6 6f1d2a3b-0001-4000-8000-000000000001       ${reason}                -`
    const off = { running: false, blocked: false, paused: false, shutdown: 'poweroff' }
    const read = (...rows: readonly string[]) => parseDomains([title, ...rows, ''].join('\n')).map((one) => one.flags)
    expect(read(row('---s?-', '7f'), row('---s?d', 'fe'), row('---s--', '0'))).toEqual([
      { ...off, dying: false },
      { ...off, dying: true },
      { ...off, dying: false },
    ])
  })

  test('a name with spaces, and one longer than its column', () => {
    const title = out('xl-list').split('\n')[0]
    const long = 'a name of more than forty characters, with spaces'
    const text = `${title}\n${long}     7    96     1     -b----       3.6\n`
    expect(parseDomains(text)).toMatchObject([{ name: long, domid: 7, memoryMiB: 96 }])
  })

  test.each(['', 'nonsense', `${'Name  ID'}\nhalf a li`])('what is no list is no answer: %j', (text) => {
    expect(() => parseDomains(text)).toThrow(expect.objectContaining({ kind: 'unreachable' }))
  })
})

test('xl info: what the hypervisor is and has', () => {
  expect(parseInfo(out('xl-info'))).toMatchObject({
    host: 'hv1',
    cpus: 1,
    totalMiB: 2047,
    freeMiB: 1063,
    virtCaps: ['pv', 'hvm', 'hap', 'gnttab-v1', 'gnttab-v2'],
    version: '4.17.7',
    scheduler: 'credit2',
  })
  expect(() => parseInfo('host : hv1\n')).toThrow()
})

test('xl block-list, of the kernel and of qemu', () => {
  expect(parseBlockList(out('xl-block-list-2'))).toEqual([
    { vdev: 51712, state: 4, backend: 'vbd' },
    { vdev: 51728, state: 4, backend: 'vbd' },
  ])
  expect(parseBlockList(out('xl-block-list-qdisk'))).toEqual([{ vdev: 51712, state: 1, backend: 'qdisk' }])
})

test('xl network-list', () => {
  expect(parseNetworkList(out('xl-network-list-2'))).toEqual([
    { index: 0, mac: '00:16:3e:77:00:65', state: 4 },
    { index: 1, mac: '00:16:3e:77:00:70', state: 4 },
  ])
  expect(parseNetworkList(out('xl-network-list-none'))).toEqual([])
  expect(parseNetworkList(out('err-network-list-unknown'))).toEqual([])
})

describe('xentop', () => {
  const pv1 = { name: 'pv1', cpuSeconds: 3, memoryKiB: 163_840, sentKiB: 1, receivedKiB: 0, readSectors: 8 }
  test.each(['xentop', 'xentop-2', 'xentop-full'])('%s', (name) => {
    const uses = parseXentop(out(name))
    expect(uses.map((use) => use.name)).toEqual(['Domain-0', 'pv1', 'pv2', 'pvh1'])
    expect(uses[1]).toMatchObject(pv1)
  })
  test('of a crashed domain, and of a dom0 without a limit', () => {
    expect(parseXentop(out('xentop-crashed'))[1]).toMatchObject({ name: 'pv5', cpuSeconds: 3 })
    const unlimited = out('xentop').replace('524288      25.0     1', 'no limit       n/a     1')
    expect(parseXentop(unlimited)[0]).toMatchObject({ name: 'Domain-0', cpuSeconds: 72, memoryKiB: 524_288 })
  })
  test.each(['xentop', 'xentop-2', 'xentop-full', 'xentop-crashed'])(
    '%s cut off anywhere: no figure but those it had',
    (name) => {
      const text = out(name)
      const whole = [text, ...text.split(/^(?=\s*NAME\s)/m)].flatMap((sample) => parseXentop(sample))
      for (let end = 0; end <= text.length; end += 1)
        for (const use of parseXentop(text.slice(0, end))) expect(whole).toContainEqual(use)
    },
  )
  test('a domain of which a figure is missing is left out, the others are told', () => {
    const text = out('xentop').replace(/^(\s*pv1\s.*?)\s+\S+\s*$/m, '$1')
    expect(parseXentop(text).map((use) => use.name)).toEqual(['Domain-0', 'pv2', 'pvh1'])
  })
  test('something else tells nothing', () => expect(parseXentop('xentop: command not found\n')).toEqual([]))
})
