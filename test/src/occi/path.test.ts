import { entityPath, locationPath, normalPath } from '../../../src/occi/path'

test.each([
  ['/', '/'],
  ['//', '/'],
  ['/compute/', '/compute/'],
  ['//compute//', '/compute/'],
  ['//-/', '/-/'],
  ['/compute', '/compute'],
  ['/compute/1', '/compute/1'],
  ['/comp%75te/1', '/compute/1'],
])('%s is %s', (raw, path) => {
  expect(normalPath(raw)).toBe(path)
})

test.each(['/compute%2F1', '/compute/../network/', '/compute/%2e%2e/x', '/a%00b', '/a%0d%0ab', '/a%5Cb'])(
  '%s becomes no other path',
  (raw) => {
    expect(normalPath(raw)).toContain('\u0000')
  },
)

test('a percent sign that encodes nothing is malformed', () => {
  expect(() => normalPath('/%zz')).toThrow('percent')
})

test.each([
  ['/network/1', '/network/1'],
  ['http://cloud.example.org/network/1', '/network/1'],
  ['https://other.example.org:8443//network/1', '/network/1'],
  ['http://cloud.example.org/occi/network/1', '/network/1'],
  ['/network/1?action=up', '/network/1'],
])('the location %s is %s', (location, path) => {
  expect(locationPath(location, 'http://cloud.example.org/occi')).toBe(path)
})

test('an entity path has two parts, a collection none', () => {
  expect(entityPath('/compute/1')).toEqual({ location: '/compute/', id: '1' })
  expect(entityPath('/compute/')).toBeUndefined()
})
