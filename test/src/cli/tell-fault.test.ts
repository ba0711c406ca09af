import { EXIT, exitCodeOf } from '../../../src/cli/tell-fault'
import { type FaultKind, fault } from '../../../src/faults'

test.each<[FaultKind, { field?: string }, number]>([
  ['refused', {}, EXIT.refused],
  ['not-found', {}, EXIT.refused],
  ['unauthenticated', {}, EXIT.refused],
  ['internal', {}, EXIT.refused],
  ['invalid', {}, EXIT.refused],
  ['invalid', { field: 'config' }, EXIT.usage],
  ['unknown-field', {}, EXIT.usage],
  ['unreachable', {}, EXIT.unreachable],
  ['timeout', {}, EXIT.unreachable],
  ['unavailable', {}, EXIT.unreachable],
])('%s %j ends with %i', (kind, detail, code) => {
  expect(exitCodeOf(fault(kind, 'x', detail))).toBe(code)
})
