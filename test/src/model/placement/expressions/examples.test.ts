/** OpenNebula's rules in worked examples, 5 to 20 by number: which hosts match, and what they rank as. */
import { matching, ranked } from '../../../../support/placement-hosts'

const ALL = ['xen01', 'xen02', 'xen03', 'kvm01', 'ec2-eu']
const problem = (act: () => unknown): unknown => {
  try {
    act()
  } catch (thrown) {
    return thrown
  }
  return undefined
}

test.each([
  [5, 'HYPERVISOR = "xen"', ['xen01', 'xen02', 'xen03']],
  [6, 'NAME = "xen0*" & FREE_CPU > 600', ['xen01', 'xen03']],
  [8, 'RACK != "r1"', ['xen02']],
  [9, '!(RACK = "r1")', ['xen02', 'xen03', 'kvm01', 'ec2-eu']],
  [10, 'CPUSPEED = "2*"', ['xen01', 'xen02', 'kvm01']],
  [11, '!(PUBLIC_CLOUD = YES)', ['xen01', 'xen02', 'xen03', 'kvm01']],
  [15, 'CURRENT_VMS = 12', ['xen01']],
  [19, 'CPUSPEED > 2000 & CPUSPEED < 2500', ['xen01', 'xen02']],
  [20, 'NAME = "??m*"', ['kvm01']],
])('example %i: %s, in both modes', (_number, text, hosts) => {
  expect(matching(text)).toEqual(hosts)
  expect(matching(text, 'opennebula')).toEqual(hosts)
})

test('example 7: what & and | bind differs between the modes', () => {
  const text = 'HYPERVISOR = "ec2" | HYPERVISOR = "xen" & CPUSPEED > 2500'
  expect(matching(text, 'opennebula')).toEqual(['xen03'])
  expect(matching(text)).toEqual(['xen03', 'ec2-eu'])
})

test('example 16: a bare word with a dash is a problem with its place, never "matches nothing"', () => {
  for (const mode of ['native', 'opennebula'] as const)
    expect(problem(() => matching('NAME = xen-01', mode))).toEqual({
      line: 1,
      column: 11,
      message: 'expected & or |, found -01 (a text with a dash has to be in quotes)',
    })
})

test('example 17: >= is of the native mode', () => {
  expect(matching('FREE_CPU >= 600')).toEqual(['xen01', 'xen03', 'kvm01'])
  expect(problem(() => matching('FREE_CPU >= 600', 'opennebula'))).toMatchObject({ line: 1, column: 11 })
})

test('example 18: a sign belongs to its digits, so this is no expression', () => {
  expect(problem(() => ranked('FREE_CPU -100'))).toEqual({
    line: 1,
    column: 10,
    message: 'expected + - * or /, found -100 (to subtract, write "- 100")',
  })
})

test.each([
  [1, 'RUNNING_VMS', [2, 5, 3, 0, 1]],
  [2, '- RUNNING_VMS', [-2, -5, -3, 0, -1]],
  [3, 'FREE_CPU', [650, 180, 1100, 1580, 400]],
  [4, 'PRIORITY', [0, 0, 0, 0, -1]],
  [6, 'FREE_MEMORY', [0, 0, 0, 0, 0]],
  [11, 'FREE_CPU * 100 - RUNNING_VMS * 5000', [55000, -7000, 95000, 158000, 35000]],
  [12, '- RUNNING_VMS * 50 + FREE_CPU', [550, -70, 950, 1580, 350]],
  [13, '- (RUNNING_VMS * 50 + FREE_CPU)', [-750, -430, -1250, -1580, -450]],
  [14, 'RUNNING_VMS / 2', [1, 2, 1, 0, 0]],
])('example %i: %s ranks the hosts', (_number, text, ranks) => {
  expect(ranked(text)).toEqual(ranks)
})

test('no expression: every host, and rank 0', () => {
  expect(matching('')).toEqual(ALL)
  expect(matching(' \n', 'opennebula')).toEqual(ALL)
  expect(ranked('')).toEqual([0, 0, 0, 0, 0])
})
