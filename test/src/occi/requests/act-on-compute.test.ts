import { asFault } from '../../../../src/faults'
import { parseTextPlain } from '../../../../src/model/occi/text'
import { openModel } from '../../../../src/occi/model'
import { type ComputeAct, computeAct } from '../../../../src/occi/requests/act-on-compute'

const model = openModel()
const category = (term: string, more = '') =>
  `Category: ${term};scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#";class="action"${more}`
const act = (term: string, ...lines: readonly string[]) => computeAct(term, parseTextPlain(lines.join('\n')), model)
const kindOf = (run: () => unknown) => {
  try {
    return run()
  } catch (thrown) {
    return asFault(thrown).kind
  }
}

const off: ComputeAct = { do: 'power', to: 'off', how: 'graceful' }
const suspended: ComputeAct = { do: 'power', to: 'suspended', how: 'graceful' }

/** What each method means (GFD.224 §3.1.2). */
test.each<[string, string | undefined, ComputeAct]>([
  ['start', undefined, { do: 'power', to: 'on', how: 'graceful' }],
  ['stop', undefined, off],
  ['stop', 'graceful', off],
  ['stop', 'acpion', off],
  ['stop', 'acpioff', off],
  ['stop', 'poweroff', { do: 'power', to: 'off', how: 'hard' }],
  ['restart', undefined, { do: 'restart', how: 'warm' }],
  ['restart', 'graceful', { do: 'restart', how: 'warm' }],
  ['restart', 'warm', { do: 'restart', how: 'warm' }],
  ['restart', 'cold', { do: 'restart', how: 'cold' }],
  ['suspend', undefined, suspended],
  ['suspend', 'suspend', suspended],
  ['suspend', 'hibernate', suspended],
  ['save', undefined, { do: 'save', how: 'deferred', name: null }],
  ['save', 'hot', { do: 'save', how: 'hot', name: null }],
  ['save', 'deffered', { do: 'save', how: 'deferred', name: null }],
])('%s, method %s', (term, method, expected) => {
  const lines = method === undefined ? [] : [`X-OCCI-Attribute: method="${method}"`]
  expect(act(term, category(term), ...lines)).toEqual(expected)
  expect(act(term, ...lines)).toEqual(expected)
})

test('the category may carry all that the model shows of it (§13.16)', () => {
  expect(
    act('stop', category('stop', ';title="Stop";attributes="method"'), 'X-OCCI-Attribute: occi.core.title="x"'),
  ).toEqual(off)
})

test.each<[string, string, readonly string[], string]>([
  ['no such action', 'explode', [], 'unknown-field'],
  ['a method of saving that there is not', 'save', ['X-OCCI-Attribute: method="slow"'], 'invalid'],
  ['another action in the body', 'stop', [category('start')], 'combination'],
  [
    'a kind in the body',
    'stop',
    ['Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"'],
    'combination',
  ],
  ['the action as a mixin', 'stop', [category('stop').replace('"action"', '"mixin"')], 'combination'],
  ['a method of another action', 'stop', ['X-OCCI-Attribute: method="cold"'], 'invalid'],
  ['a method that is a number', 'stop', ['X-OCCI-Attribute: method=5'], 'invalid'],
  ['a method where there is none', 'start', ['X-OCCI-Attribute: method="graceful"'], 'unknown-field'],
  ['a parameter that there is not', 'stop', ['X-OCCI-Attribute: delay=5'], 'unknown-field'],
  ['a link', 'stop', ['Link: </x>;rel="y"'], 'combination'],
])('refused: %s', (_name, term, lines, kind) => {
  expect(kindOf(() => act(term, ...lines))).toBe(kind)
})

test('a refused method names those that there are', () => {
  expect(() => act('stop', 'X-OCCI-Attribute: method="cold"')).toThrow('graceful, acpion, acpioff, poweroff')
})
