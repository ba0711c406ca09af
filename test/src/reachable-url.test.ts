import { reachableUrl } from '../../src/reachable-url'

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8787'],
  ['10.0.0.5', 'http://10.0.0.5:8787'],
  ['cloud.example', 'http://cloud.example:8787'],
  ['0.0.0.0', 'http://127.0.0.1:8787'],
  ['::', 'http://127.0.0.1:8787'],
  ['::1', 'http://[::1]:8787'],
])('who listens at %s is called at %s', (listen, url) => {
  expect(reachableUrl(listen, 8787)).toBe(url)
})
