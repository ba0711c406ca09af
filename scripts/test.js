/**
 * `npm test`: the set-up, all checks, then the tests of whole processes. Everything is run even when something before it
 * failed; the last line is the sum: `N passed, N failed` (and `, N skipped`). A check that fails counts as one failed.
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

function jest([name, args], folder) {
  say(name)
  const file = join(folder, `${args[1]}.json`)
  const passed = run([tool('jest'), ...args, '--passWithNoTests', '--json', `--outputFile=${file}`])
  try {
    return counts(JSON.parse(readFileSync(file, 'utf8')), passed)
  } catch {
    say(`${name}: FAILED without a report`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
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
  console.log(summary(results))
  process.exit(results.some((result) => result.failed > 0) ? 1 : 0)
}

module.exports = { counts, summary }
