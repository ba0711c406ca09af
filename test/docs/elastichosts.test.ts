/** What docs/elastichosts.md lists is what the driver does. */
import { CHOICES, SETTINGS } from '../../src/model/providers/record'
import { machinesIn, sightingOf } from '../../workers/drivers/providers/elastichosts/account'
import { serverIn } from '../../workers/drivers/providers/elastichosts/api/objects'
import { faultOf } from '../../workers/drivers/providers/elastichosts/api/refusals'
import { names, rows } from './tables'

const PAGE = 'elastichosts.md'

test('every setting, with every word that it may be', () => {
  expect(names(PAGE, 'setting').toSorted()).toEqual(Object.keys(SETTINGS.elastichosts).toSorted())
  for (const [name = '', values = ''] of rows(PAGE, 'setting'))
    for (const word of CHOICES.elastichosts?.[name.replaceAll('`', '')] ?? []) expect(values).toContain(`\`${word}\``)
})

const WORDS = { running: 'running', off: 'off', paused: 'paused', crashed: 'crashed', absent: '', saved: '' }

test('every status of a server, and what it is here', () => {
  const id = '00000000-0000-4000-8000-000000000001'
  for (const [status = '', here = ''] of rows(PAGE, 'status at the zone')) {
    const server = serverIn(
      new Map([
        ['server', id],
        ['status', status.replaceAll('`', '')],
        ['user:vm', 'i-1'],
        ['user:site', 's'],
      ]),
    )
    const [machine] = machinesIn({ servers: server ? [server] : [], drives: [], addresses: [] }, 's').values()
    expect(here).toMatch(new RegExp(`^${machine ? WORDS[sightingOf(machine).domain] : '?'}`))
    expect(server?.status).toBe(status.replaceAll('`', ''))
  }
  expect(names(PAGE, 'status at the zone')).toHaveLength(5)
})

test('every refusal, and what it is taken as', () => {
  const taken: Readonly<Record<string, RegExp>> = {
    refused: /^refused: another provider is tried/,
    missing: /^not there/,
    unreachable: /^(?:nothing was told|perhaps done)/,
    busy: /^asked again a little later/,
  }
  const told = rows(PAGE, 'status').map(([status = '', , as = '']) => [status, as] as const)
  expect(told).toHaveLength(8)
  for (const [statuses, as] of told)
    for (const status of statuses.match(/\d{3}/g) ?? []) {
      const { kind, detail } = faultOf({ status: Number(status), code: '', body: Buffer.from('no') }, 'x')
      expect(as).toMatch(taken[detail.reason === 'missing' ? 'missing' : kind] ?? /^$/)
    }
})
