/**
 * `npm test`: the set-up, all checks, then the tests of whole processes. Everything is run even when something before it
 * failed; the last line is the sum: `N passed, N failed` (and `, N skipped`). A check that fails counts as one failed.
 *
 * Files with failed tests are run once more, alone: where real servers, hosts and clients share two cores, that tells what is
 * broken from what was only held up. What passes then is told by name as FLAKY: it wants mending too.
 */
const { spawnSync } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { availableParallelism, tmpdir } = require('node:os')
const { join } = require('node:path')
const { setUp } = require('./setup')
const { say } = require('./setup/say')

const root = join(__dirname, '..')
const tool = (name) => join(root, 'node_modules', '.bin', name)

const CHECKS = [
  ['format and lint', [tool('biome'), 'check', '.']],
  ['import directions', [tool('depcruise'), '--config', '.dependency-cruiser.json', 'src', 'workers']],
  ['sizes', [process.execPath, 'scripts/check-sizes.js']],
  ['types', [tool('tsc'), '--noEmit', '-p', 'tsconfig.json']],
]

/** They wait for Redis, ssh and other processes about as long as they compute. */
const WORKERS = `--maxWorkers=${availableParallelism() + 1}`

/** Each file of the end-to-end tests starts a gateway of its own, with all of its processes, and waits for it most of the time. */
const GATEWAYS = '--maxWorkers=2'

const RUNS = [
  ['unit and contract tests', ['--selectProjects', 'unit', 'contract', WORKERS]],
  ['end-to-end tests', ['--selectProjects', 'e2e', GATEWAYS]],
  ['crash tests', ['--selectProjects', 'crash', WORKERS]],
]

const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }
// A pager or a person's own settings must not decide a test.
for (const name of Object.keys(env)) if (/^(OCCI_|AWS_(?!SDK_))/.test(name)) delete env[name]
if (process.env.OCCI_GATEWAY_REDIS_SERVER) env.OCCI_GATEWAY_REDIS_SERVER = process.env.OCCI_GATEWAY_REDIS_SERVER

const run = ([command, ...args]) => spawnSync(command, args, { cwd: root, stdio: 'inherit', env }).status === 0

function check([name, command]) {
  say(name)
  const passed = run(command)
  if (!passed) say(`${name}: FAILED`)
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 }
}

/** What a report of jest says; test files that could not even be loaded count as one failed each. */
function counts(report, passed) {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !passed ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** A run of jest and its report; undefined where there is none. */
function reported(args, file) {
  const passed = run([tool('jest'), ...args, '--passWithNoTests', '--json', `--outputFile=${file}`])
  try {
    return { passed, report: JSON.parse(readFileSync(file, 'utf8')) }
  } catch {
    return undefined
  }
}

const failedFiles = ({ testResults }) => testResults.filter(({ status }) => status === 'failed').map(({ name }) => name)

/** Counts of a run whose failed files were run again: theirs are those of the second time. */
function settled(first, again) {
  const failed = new Set(failedFiles(first.report))
  const before = first.report.testResults
    .filter(({ name }) => failed.has(name))
    .flatMap((file) => file.assertionResults)
  const had = (status) => before.filter((test) => test.status === status).length
  const [all, anew] = [counts(first.report, first.passed), counts(again.report, again.passed)]
  return {
    passed: all.passed - had('passed') + anew.passed,
    failed: anew.failed,
    skipped: all.skipped - had('pending') - had('todo') + anew.skipped,
  }
}

/** The full names of tests that failed, and passed when they were run again. */
function flaky(first, again) {
  const tests = (report, status) =>
    report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter((test) => test.status === status).map(({ fullName }) => fullName),
    )
  const passed = new Set(tests(again.report, 'passed'))
  return tests(first.report, 'failed').filter((name) => passed.has(name))
}

function jest([name, args], folder) {
  say(name)
  const file = (times) => join(folder, `${args[1]}-${times}.json`)
  const first = reported(args, file('first'))
  if (!first) {
    say(`${name}: FAILED without a report`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const files = failedFiles(first.report)
  if (files.length === 0) return counts(first.report, first.passed)
  say(`${name}: run once more, alone: ${files.join(' ')}`)
  const projects = args.filter((word) => !word.startsWith('--maxWorkers'))
  const again = reported([...projects, '--runInBand', '--runTestsByPath', ...files], file('again'))
  if (!again) return counts(first.report, first.passed)
  return { ...settled(first, again), flaky: flaky(first, again) }
}

function runAll() {
  const folder = mkdtempSync(join(tmpdir(), 'occi-gateway-test-'))
  try {
    return [...CHECKS.map(check), ...RUNS.map((it) => jest(it, folder))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The last line. */
function summary(results) {
  const sum = (name) => results.reduce((total, result) => total + result[name], 0)
  const skipped = sum('skipped')
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

if (require.main === module) {
  setUp('test')
  const results = runAll()
  for (const test of results.flatMap((result) => result.flaky ?? []))
    say(`FLAKY, passed only when it was run again, alone: ${test}`)
  console.log(summary(results))
  process.exit(results.some((result) => result.failed > 0) ? 1 : 0)
}

module.exports = { counts, flaky, settled, summary }
