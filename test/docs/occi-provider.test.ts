/** What docs/occi-provider.md lists is what the driver does. */
import { CHOICES, SETTINGS } from '../../src/model/providers/record'
import { domainOf } from '../../workers/drivers/providers/occi/account'
import { faultOf } from '../../workers/drivers/providers/occi/api/refusals'
import { PACE } from '../../workers/drivers/providers/occi/walk'
import { isMissing } from '../../workers/drivers/providers/refusals'
import { names, page, rows } from './tables'

const PAGE = 'occi-provider.md'

test('every setting, with every word that it may be', () => {
  expect(names(PAGE, 'setting').toSorted()).toEqual(Object.keys(SETTINGS.occi).toSorted())
  for (const [name = '', values = ''] of rows(PAGE, 'setting'))
    for (const word of CHOICES.occi?.[name.replaceAll('`', '')] ?? []) expect(values).toContain(`\`${word}\``)
})

test('every state of the standard, with what it is here, if it can be started and if not', () => {
  expect(names(PAGE, 'state at the server')).toEqual(['active', 'inactive', 'suspended', 'error'])
  for (const [state = '', here = ''] of rows(PAGE, 'state at the server'))
    for (const actions of [new Set(['start']), new Set<string>()]) {
      const domain = domainOf({ state: state.replaceAll('`', ''), actions })
      expect(here).toMatch(new RegExp(`\\b${domain}\\b`))
    }
})

test('how many are looked at one by one', () => {
  expect(page(PAGE)).toContain(`at most ${PACE.perSecond} a second, and ${PACE.most} in one poll`)
})

const ASKING = { 'to make a machine': 'make', 'to tell something': 'look' } as const
const TAKEN: Readonly<Record<string, RegExp>> = {
  refused: /^refused: another provider is tried/,
  missing: /^not there/,
  'not-authenticated': /^nothing was told/,
  unreachable: /^perhaps done/,
  busy: /^asked again a little later/,
}

test('every refusal, and what it is taken as', () => {
  const told = rows(PAGE, 'status')
  expect(told).toHaveLength(7)
  for (const [statuses = '', when = '', as = ''] of told)
    for (const status of statuses.match(/\d{3}/g) ?? []) {
      const asking = when in ASKING ? ASKING[when as keyof typeof ASKING] : 'change'
      const refusal = faultOf({ status: Number(status), body: Buffer.from('no') }, asking, 'x')
      const { kind, detail } = refusal
      const isLogin = detail.reason === 'not-authenticated'
      expect(as).toMatch(TAKEN[isMissing(refusal) ? 'missing' : isLogin ? 'not-authenticated' : kind] ?? /^$/)
    }
})
