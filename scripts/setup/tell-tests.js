/** A reporter of jest's that tells each test as it ends, and why one failed: for tests that take minutes, beside the default one. */
const { say } = require('./say')

const MARKS = { passed: 'passed', failed: 'FAILED', pending: 'skipped', todo: 'to do' }
const LINES = 6

module.exports = class TellTests {
  onTestCaseResult(_test, { status, fullName, duration, failureMessages }) {
    const took = typeof duration === 'number' ? ` (${(duration / 1000).toFixed(1)} s)` : ''
    say(`${MARKS[status] ?? status}: ${fullName}${took}`)
    for (const message of failureMessages ?? [])
      for (const line of message.split('\n').slice(0, LINES)) say(`    ${line}`)
  }
}
