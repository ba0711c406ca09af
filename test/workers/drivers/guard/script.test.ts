/** The guard's text: put together the same way each time, understood by every shell that may be a host's. */
import { spawnSync } from 'node:child_process'
import { effectCall, lookCall } from '../../../../workers/drivers/guard/call'
import { openGuardedHost } from '../../../../workers/drivers/guard/guarded-host'
import { assemble, enterScript } from '../../../../workers/drivers/guard/script'
import { openRemote } from '../../../../workers/drivers/remote'
import { DEEDS } from '../../../support/guard/stage'

const shells = [['sh'], ['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([name = '']) => spawnSync(name, ['-c', 'exit']).error === undefined,
)

test.each(shells.map((shell) => ({ shell })))('$shell reads it', ({ shell: [name = '', ...args] }) => {
  for (const { text } of [enterScript(), assemble([DEEDS])]) {
    const { status, stderr } = spawnSync(name, [...args, '-n'], { input: text, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  }
})

test('the same parts have the same version, others another', () => {
  expect(assemble([DEEDS])).toEqual(assemble([DEEDS]))
  expect(assemble([DEEDS]).version).toMatch(/^[0-9a-f]{64}$/)
  expect(assemble([]).version).not.toBe(assemble([DEEDS]).version)
  expect(assemble(['# a', '# b']).version).not.toBe(assemble(['# b', '# a']).version)
})

test('deeds come after what they use and before the call is taken apart', () => {
  const { text } = assemble(['# the deeds'])
  const order = ['departed()', 'og_enter()', '# the deeds', 'case $og_verb in'].map((part) => text.indexOf(part))
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(order[0]).toBeGreaterThan(0)
})

const ticket = { resource: 'i-1', epoch: { era: 7, number: 9 } }

test('a look in words: it gives up waiting before its caller does', () => {
  expect(lookCall('local-1', ticket, 30_000, 'machine', ['a', 'b'])).toEqual([
    'look',
    'local-1',
    'i-1',
    '7',
    '9',
    '29',
    'machine',
    'a',
    'b',
  ])
  expect(lookCall('local-1', ticket, 500, 'machine', [])[5]).toBe('1')
})

test('an effect in words', () => {
  const call = { deadlineMs: 10_000, mode: 'detached', input: 12, deed: 'copy', args: ['x'] } as const
  expect(effectCall('local-1', { ...ticket, key: 'i-1/disk/up/1' }, call)).toEqual([
    'effect',
    'local-1',
    'i-1',
    '7',
    '9',
    '9',
    'i-1/disk/up/1',
    'detached',
    '12',
    'copy',
    'x',
  ])
})

test.each(['/', 'relative', '/a b', "/it's", '/a/'])('%s is no folder for a guard', (folder) => {
  expect(() => openGuardedHost({ remote: openRemote(), site: 's', deeds: [], folder })).toThrow(
    expect.objectContaining({ kind: 'refused' }),
  )
})
