/** What a guard says, as values and faults. */
import { type Answer, parseAnswer } from '../../../../workers/drivers/guard/answer'

const said = (stdout: string, code = 0, stderr = ''): Answer =>
  parseAnswer('xen-1', { code, stdout: Buffer.from(stdout), stderr })
const faultOf = (stdout: string, code = 0, stderr = '') => {
  const answer = said(stdout, code, stderr)
  return answer.say === 'fault'
    ? { kind: answer.fault.kind, message: answer.fault.message, held: answer.fault.detail.held }
    : answer
}

test.each([
  { text: 'og1 seen\nwhat\nit saw', is: { say: 'seen', work: null, payload: Buffer.from('what\nit saw') } },
  { text: 'og1 seen\n', is: { say: 'seen', work: null, payload: Buffer.alloc(0) } },
  {
    text: 'og1 seen 40 copy i-1/disk/up/1\nx',
    is: { say: 'seen', work: { key: 'i-1/disk/up/1', what: 'copy', percent: 40 }, payload: Buffer.from('x') },
  },
  { text: 'og1 free\nhello\n', is: { say: 'free', payload: Buffer.from('hello\n') } },
  { text: 'og1 done\nvalue\n', is: { say: 'done', value: 'value' } },
  { text: 'og1 done\n', is: { say: 'done', value: '' } },
  { text: 'og1 done\na\n\nb\n\n', is: { say: 'done', value: 'a\n\nb\n' } },
  { text: 'og1 running 7\n', is: { say: 'running', percent: 7 } },
  { text: 'og1 running 100\n', is: { say: 'running', percent: 99 } },
  { text: 'og1 running odd\n', is: { say: 'running', percent: 0 } },
  { text: 'og1 ended\n', is: { say: 'ended' } },
  { text: 'og1 removed\n', is: { say: 'removed' } },
  {
    text: 'og1 missing\n',
    is: { say: 'missing', what: 'version', because: 'this version of the guard is not installed' },
  },
])('$text', ({ text, is }) => {
  expect(said(text)).toEqual(is)
})

test.each([
  { text: 'og1 stale 12.345\n', kind: 'stale', message: 'the guard of xen-1 knows a newer claim', held: '12.345' },
  { text: 'og1 busy i-1/save/up/2\n', kind: 'busy', message: 'detached work of i-1/save/up/2 is under way' },
  { text: 'og1 refused\nno such disk\n', kind: 'refused', message: 'no such disk' },
  { text: 'og1 refused\n', kind: 'refused', message: 'refused without a word' },
  { text: 'og1 unsupported\n', kind: 'unsupported', message: 'this host cannot do that' },
  { text: 'og1 unknown\nxl hung\n', kind: 'timeout', message: 'the command did not end by itself: xl hung' },
  { text: 'og1 waited another call\n', kind: 'timeout', message: 'xen-1: another call' },
  { text: 'og1 broken no room\n', kind: 'unreachable', message: 'the guard of xen-1: no room' },
  { text: 'og1 later-word\n', kind: 'unreachable', message: 'the guard of xen-1: ' },
])('$text is $kind', ({ text, kind, message, held }) => {
  expect(faultOf(text)).toEqual({ kind, message, held })
})

test.each([
  { code: 3, kind: 'refused' },
  { code: 1, kind: 'refused' },
  { code: 4, kind: 'unsupported' },
  { code: 5, kind: 'timeout' },
  { code: 124, kind: 'timeout' },
  { code: 137, kind: 'timeout' },
])('a look or a probe that ended with $code is $kind, with the newest lines of what it said', ({ code, kind }) => {
  const words = 'one\ntwo\nthree\nfour\nfive\nsix\n'
  for (const head of ['seen', 'free']) {
    const fault = faultOf(`og1 ${head}\nhalf`, code, words)
    expect(fault).toMatchObject({ kind, message: expect.stringMatching(/two\nthree\nfour\nfive\nsix$/) })
  }
})

test('what a login shell says before it does not count, what a deed says after it does', () => {
  expect(said('Welcome!\nog1 no\nog1 free\nog1 seen\n')).toMatchObject({ say: 'fault' })
  expect(said('Welcome to xen-1\nog1 free\nog1 seen\n')).toEqual({ say: 'free', payload: Buffer.from('og1 seen\n') })
  expect(said('not og1 free\n')).toMatchObject({ say: 'fault' })
})

test.each([
  {
    code: 127,
    stderr: 'sh: enter: not found',
    what: { say: 'missing', what: 'guard', because: 'sh: enter: not found' },
  },
  {
    code: 1,
    stderr: 'sudo: a password is required\n',
    what: { say: 'missing', what: 'guard', because: 'sudo: a password is required' },
  },
])('$code without a word of ours: it is not installed', ({ code, stderr, what }) => {
  expect(said('', code, stderr)).toEqual(what)
})

test('ended by a signal the outcome is unknown, silence is no guard', () => {
  expect(faultOf('', 137)).toMatchObject({ kind: 'timeout' })
  expect(faultOf('hello\n', 0)).toMatchObject({ kind: 'unreachable' })
})
