import { EXIT, exitCodeOf, tellFault } from '../../../src/cli/tell-fault'
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

test('what a machine or a partner is called does nothing to the terminal', () => {
  const written: unknown[] = []
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(text) > 0)
  tellFault(fault('refused', 'the other host does not meet RACK = "\u001b]0;x\u0007"\nnor this'))
  spy.mockRestore()
  expect(written).toEqual(['occi-gateway: the other host does not meet RACK = "\ufffd]0;x\ufffd"\nnor this\n'])
})
