/** What `npm test` counts: files that failed are run again, and what they come to then is what counts. */
const { counts, flaky, settled } = require('../../scripts/test') as {
  counts: (report: Report, passed: boolean) => Counts
  flaky: (first: Run, again: Run) => readonly string[]
  settled: (first: Run, again: Run) => Counts
}

type Status = 'passed' | 'failed' | 'pending'
type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number }
type Run = { readonly passed: boolean; readonly report: Report }
type Report = ReturnType<typeof reportOf>

/** As jest writes it: tests by name in files by name; a file without tests could not be loaded. */
function reportOf(files: Readonly<Record<string, Readonly<Record<string, Status>>>>) {
  const all = Object.values(files).flatMap((tests) => Object.values(tests))
  const of = (status: Status): number => all.filter((it) => it === status).length
  return {
    numPassedTests: of('passed'),
    numFailedTests: of('failed'),
    numPendingTests: of('pending'),
    numTodoTests: 0,
    numRuntimeErrorTestSuites: Object.values(files).filter((tests) => Object.keys(tests).length === 0).length,
    testResults: Object.entries(files).map(([name, tests]) => ({
      name,
      status: Object.keys(tests).length === 0 || Object.values(tests).includes('failed') ? 'failed' : 'passed',
      assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
    })),
  }
}
const run = (files: Parameters<typeof reportOf>[0]): Run => {
  const report = reportOf(files)
  return { report, passed: report.testResults.every(({ status }) => status === 'passed') }
}

const first = run({
  'a.test.ts': { 'a one': 'passed', 'a two': 'pending' },
  'b.test.ts': { 'b one': 'passed', 'b two': 'failed', 'b three': 'pending' },
  'c.test.ts': { 'c one': 'failed' },
  'd.test.ts': {},
})

test('what fails twice has failed, what passes alone is told as flaky', () => {
  const again = run({
    'b.test.ts': { 'b one': 'passed', 'b two': 'passed', 'b three': 'pending' },
    'c.test.ts': { 'c one': 'failed' },
    'd.test.ts': { 'd one': 'passed' },
  })
  expect(counts(first.report, first.passed)).toEqual({ passed: 2, failed: 3, skipped: 2 })
  expect(settled(first, again)).toEqual({ passed: 4, failed: 1, skipped: 2 })
  expect(flaky(first, again)).toEqual(['b two'])
})

test('a second run that passes in all leaves nothing failed, one that breaks leaves something', () => {
  const well = run({ 'b.test.ts': { 'b one': 'passed', 'b two': 'passed', 'b three': 'pending' } })
  expect(settled(first, well).failed).toBe(0)
  expect(settled(first, { ...well, passed: false }).failed).toBe(1)
  expect(settled(first, run({ 'b.test.ts': {} })).failed).toBe(1)
})
