/**
 * npm packages: installed when node_modules is missing or not what package-lock.json says.
 *
 * `npm install`, not `npm ci`: some registries lack other platforms' optional packages, and `ci` then refuses the lock file.
 * No install scripts: nothing that we use needs one.
 */
const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { root } = require('./place')
const { timeOf } = require('./newest')
const { giveUp, step } = require('./say')

const lockFile = join(root, 'package-lock.json')
const modules = join(root, 'node_modules')
const mark = join(modules, '.installed-for')

const wanted = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex')

function fresh() {
  const installed = timeOf(join(modules, '.package-lock.json'))
  if (installed === 0) return false
  return existsSync(mark) ? readFileSync(mark, 'utf8') === wanted() : installed >= timeOf(lockFile)
}

function install() {
  const done = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--include=dev', '--loglevel=error'],
    { cwd: root, stdio: ['ignore', 2, 2] },
  )
  if (done.status !== 0)
    giveUp([
      'npm packages could not be installed. Once the network is there, run:',
      '    npm install --no-audit --no-fund --ignore-scripts',
    ])
}

/** So that `npx occi-gateway …` means this checkout, without asking anybody. */
function linkOurselves() {
  const link = join(modules, '.bin', 'occi-gateway')
  if (existsSync(link)) return
  mkdirSync(join(modules, '.bin'), { recursive: true })
  try {
    symlinkSync(join('..', '..', 'bin', 'occi-gateway.js'), link)
  } catch {
    // another set-up made it, or this file system has no links: `node bin/occi-gateway.js` works everywhere
  }
}

/** Installs the npm packages if they are missing or of another lock file. */
function npmPackages() {
  if (!fresh()) step('installing npm packages', install)
  writeFileSync(mark, wanted())
  linkOurselves()
}

module.exports = { npmPackages }
