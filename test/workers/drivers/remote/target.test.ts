import { remoteTarget } from '../../../../workers/drivers/remote'
import { nameOf } from '../../../../workers/drivers/remote/target'

const KEYS = ['SHA256:x']

test.each([
  { address: 'ssh://root@xen-1', user: 'root', host: 'xen-1', port: 22, name: 'root@xen-1:22' },
  { address: 'ssh://occi@10.0.0.7:2222', user: 'occi', host: '10.0.0.7', port: 2222, name: 'occi@10.0.0.7:2222' },
  { address: 'ssh://root@[fe80::1]:22', user: 'root', host: 'fe80::1', port: 22, name: 'root@[fe80::1]:22' },
])('$address', ({ address, name, ...parts }) => {
  const target = remoteTarget(address, KEYS)
  expect(target).toEqual({ ...parts, hostKeys: KEYS })
  expect(nameOf(target)).toBe(name)
})

test.each([
  'xen-1',
  'ssh://xen-1',
  'ssh://root:secret@xen-1',
  'ssh://root@xen-1:0',
  'ssh://root@xen-1:65536',
  'ssh://root@xen-1/path',
  'ssh://-oProxyCommand@xen-1',
  'ssh://root@-xen',
  'ssh://root@xen 1',
  'simulator:sim-1',
])('%s is none', (address) => {
  expect(() => remoteTarget(address, KEYS)).toThrow(expect.objectContaining({ kind: 'refused' }))
})
