/**
 * `npm run lab:xen`: two real Xen hosts, emulated by QEMU, and the tests that run on them. Builds what is not in the cache,
 * with progress; the last line is the sum, as that of `npm test`. Where it cannot be had it says so and why, and ends well.
 *
 *     npm run lab:xen                          all tests
 *     npm run lab:xen -- hosts guest           the files whose name has one of these
 *     npm run lab:xen -- --whole-disk          the tests of a whole Debian as well; its image takes a while to build
 *     npm run lab:xen -- --build               only build
 */
const { spawnSync } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { setUp } = require('./setup')
const { say } = require('./setup/say')
const { counts, summary } = require('./test')

const root = join(__dirname, '..')
const CANNOT = 3

const words = process.argv.slice(2)
const flags = words.filter((word) => word.startsWith('--'))
const patterns = words.filter((word) => !word.startsWith('--'))
const unknown = flags.find((flag) => !['--whole-disk', '--build'].includes(flag))
if (unknown) {
  say(`there is no ${unknown}; there are --whole-disk and --build`)
  process.exit(2)
}

/** A pager or a person's own settings must not decide a test. */
const KEPT = ['OCCI_GATEWAY_REDIS_SERVER', 'OCCI_GATEWAY_LAB_CACHE']
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => KEPT.includes(name) || !/^(OCCI_|AWS_(?!SDK_))/.test(name)),
)
Object.assign(env, {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  LAB_WHOLE_DISK: flags.includes('--whole-disk') ? '1' : '',
})

/** How many tests there are in files that are not run: they count as skipped. */
function skipped(reason) {
  const line = '='.repeat(78)
  for (const text of [
    line,
    'SKIPPED: npm run lab:xen: no test ran on a real Xen host, for it cannot be had here:',
    `  ${reason}`,
    line,
  ])
    say(text)
  return { passed: 0, failed: 0, skipped: 1 }
}

function prepare() {
  const program = ['-r', './test/support/swc-register.js', 'test/lab/xen/prepare.ts', ...flags]
  const done = spawnSync(process.execPath, program, {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (done.status === CANNOT) return skipped(done.stdout.trim())
  return { passed: done.status === 0 ? 1 : 0, failed: done.status === 0 ? 0 : 1, skipped: 0 }
}

function runTests(folder) {
  const file = join(folder, 'lab.json')
  const jest = join(root, 'node_modules', '.bin', 'jest')
  const chosen = patterns.length > 0 ? ['--testPathPatterns', ...patterns.map((word) => `lab/xen/.*${word}`)] : []
  const reporters = ['--reporters=default', `--reporters=${join(root, 'scripts', 'setup', 'tell-tests.js')}`]
  const report = ['--json', `--outputFile=${file}`]
  const args = ['--selectProjects', 'lab', '--runInBand', '--forceExit', ...report, ...reporters, ...chosen]
  const { status, signal } = spawnSync(jest, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    return counts(JSON.parse(readFileSync(file, 'utf8')), status === 0)
  } catch {
    say(`the tests: FAILED without a report: jest ended ${signal ? `by ${signal}` : `with exit code ${status}`}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function main() {
  setUp('test')
  const start = performance.now()
  const prepared = prepare()
  if (prepared.passed === 0 || flags.includes('--build')) return [prepared]
  say(`the lab stands after ${((performance.now() - start) / 1000).toFixed(0)} s; now its tests`)
  const folder = mkdtempSync(join(tmpdir(), 'og-lab-report-'))
  try {
    return [prepared, runTests(folder)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
    say(`all of it took ${((performance.now() - start) / 1000).toFixed(0)} s`)
  }
}

const results = main()
console.log(summary(results))
process.exit(results.some((result) => result.failed > 0) ? 1 : 0)
