import { asFault } from '../../../src/faults'
import { contentType, negotiate, negotiateError } from '../../../src/occi/negotiation'

const kindOf = (run: () => unknown): string => {
  try {
    return String(run())
  } catch (thrown) {
    return asFault(thrown).kind
  }
}

/** Accept, what a listing gets, what an entity gets. */
test.each([
  [undefined, 'text/plain', 'text/plain'],
  ['', 'text/plain', 'text/plain'],
  ['*/*', 'text/plain', 'text/plain'],
  ['*', 'text/plain', 'text/plain'],
  ['text/*', 'text/plain', 'text/plain'],
  ['application/*', 'application/occi+json', 'application/occi+json'],
  ['text/plain', 'text/plain', 'text/plain'],
  ['TEXT/PLAIN;charset=utf-8', 'text/plain', 'text/plain'],
  ['text/occi', 'text/occi', 'text/occi'],
  ['text/occi+plain', 'text/occi+plain', 'text/occi+plain'],
  ['application/occi+json', 'application/occi+json', 'application/occi+json'],
  ['application/json', 'application/json', 'application/json'],
  ['text/uri-list', 'text/uri-list', 'invalid'],
  ['text/uri-list, text/plain;q=0.1', 'text/uri-list', 'text/plain'],
  ['text/plain,text/occi', 'text/plain', 'text/plain'],
  ['text/occi,text/plain', 'text/occi', 'text/occi'],
  ['text/plain;q=0.5, application/occi+json', 'application/occi+json', 'application/occi+json'],
  ['text/plain;q=0.5, application/occi+json;q=0.4', 'text/plain', 'text/plain'],
  ['application/occi+json;q=0, */*', 'text/plain', 'text/plain'],
  ['text/plain;q=0, */*;q=0.1', 'application/occi+json', 'application/occi+json'],
  ['text/html', 'unacceptable', 'unacceptable'],
  ['text/html, */*;q=0.1', 'text/plain', 'text/plain'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/plain', 'text/plain'],
  ['text/plain;q=0', 'unacceptable', 'unacceptable'],
  ['*/*;q=0', 'unacceptable', 'unacceptable'],
  ['text/plain;q=nonsense', 'text/plain', 'text/plain'],
  ['application/json, */*', 'application/json', 'application/json'],
  ['*/*, application/json', 'application/json', 'application/json'],
  [';;;,,,', 'text/plain', 'text/plain'],
  ['nonsense', 'text/plain', 'text/plain'],
])('Accept %j: a listing as %s, an entity as %s', (accept, listing, other) => {
  expect(kindOf(() => negotiate(accept, 'listing'))).toBe(listing)
  expect(kindOf(() => negotiate(accept, 'other'))).toBe(other)
})

test('an error is told in JSON where that is preferred, else in text, whatever was asked for', () => {
  expect(negotiateError('application/occi+json')).toBe('application/occi+json')
  expect(negotiateError('application/json;q=0.9, text/plain;q=0.1')).toBe('application/json')
  for (const accept of [undefined, 'text/html', 'text/occi', 'text/uri-list', '*/*'])
    expect(negotiateError(accept)).toBe('text/plain')
})

test('text has its charset, the others have none', () => {
  expect(contentType('text/plain')).toBe('text/plain; charset=utf-8')
  expect(contentType('text/occi')).toBe('text/occi')
  expect(contentType('application/occi+json')).toBe('application/occi+json')
})
