import { asFault } from '../../../src/faults'
import { clientVersion, serverHeader } from '../../../src/occi/version'

test.each([
  [undefined, '1.2'],
  ['', '1.2'],
  ['curl/8.0', '1.2'],
  ['curl/8.0 OCCI/1.2', '1.2'],
  ['rOCCI/4.3 OCCI/1.1', '1.1'],
  ['x OCCI/1.0', '1.1'],
  ['x OCCI/1.1 OCCI/1.2', '1.2'],
  ['x (OCCI/1.1)', '1.1'],
  ['x OCCI/1.2 OCCI/2.0', '1.2'],
  ['xOCCI/2.0', '1.2'],
])('User-Agent %j speaks %s', (userAgent, version) => {
  expect(clientVersion(userAgent)).toBe(version)
})

test.each(['newclient/9 OCCI/2.0', 'OCCI/1.3', 'OCCI/1.10', 'OCCI/10.1'])('%s is above us', (userAgent) => {
  try {
    clientVersion(userAgent)
    throw new Error('it was accepted')
  } catch (thrown) {
    expect(asFault(thrown)).toMatchObject({ kind: 'unsupported', detail: { field: 'User-Agent' } })
  }
})

test('the Server header has both versions', () => {
  expect(serverHeader({ name: 'occi-gateway', version: '0.1.0' })).toBe('occi-gateway/0.1.0 OCCI/1.2 OCCI/1.1')
})
