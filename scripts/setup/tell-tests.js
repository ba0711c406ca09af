/** A reporter of jest's that tells each test as it ends: for tests that take minutes, beside the default one, which tells files. */
const { say } = require('./say')

const MARKS = { passed: 'passed', failed: 'FAILED', pending: 'skipped', todo: 'to do' }

module.exports = class TellTests {
  onTestCaseResult(_test, { status, fullName, duration }) {
    const took = typeof duration === 'number' ? ` (${(duration / 1000).toFixed(1)} s)` : ''
    say(`${MARKS[status] ?? status}: ${fullName}${took}`)
  }
}
