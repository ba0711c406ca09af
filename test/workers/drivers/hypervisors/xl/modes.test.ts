/** Which guests a Xen host starts, by what `xl info` says. */
import { parseInfo } from '../../../../../workers/drivers/hypervisors/xl/parse/info'
import { modesOf } from '../../../../../workers/drivers/hypervisors/xl/probe'
import { recorded } from './recorded'

const XEN = ['xen-3.0-x86_64', 'hvm-3.0-x86_32', 'hvm-3.0-x86_64']

test.each<[string, string[], string[], string[]]>([
  ['all', ['pv', 'hvm', 'hap'], XEN, ['pv', 'pvh', 'hvm']],
  ['no hvm of the processors', ['pv'], XEN, ['pv']],
  ['no hvm of Xen', ['pv', 'hvm'], ['xen-3.0-x86_64'], ['pv']],
  ['a Xen that does not name pv among them', ['hvm', 'hvm_directio'], XEN, ['pv', 'pvh', 'hvm']],
  ['a Xen without pv', ['hvm', 'hap'], ['hvm-3.0-x86_64'], ['pvh', 'hvm']],
  ['a Xen that names nothing', [], [], ['pv']],
])('%s', (_name, virtCaps, xenCaps, modes) => {
  expect(modesOf({ ...parseInfo(recorded('xl-info').out), virtCaps, xenCaps })).toEqual(modes)
})
