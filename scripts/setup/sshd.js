/**
 * OpenSSH's server, for tests only: on PATH or in the usual folders, else Debian's package unpacked into .cache/sshd, else (in
 * CI, as root) installed. As root it needs the account `sshd`, which only an installation makes.
 */
const { spawnSync } = require('node:child_process')
const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const { hasApt, libraries, unpackDebian } = require('./debian')
const { findAll } = require('./find')
const { cache } = require('./place')
const { say, step } = require('./say')

const unpacked = join(cache, 'sshd', 'usr', 'sbin', 'sshd')
const envOf = (bin) => (bin === unpacked ? { LD_LIBRARY_PATH: libraries('sshd') } : {})

/** Newer ones print their version for -V, older ones in their complaint about it. */
function works(bin) {
  const asked = spawnSync(bin, ['-V'], { encoding: 'utf8', timeout: 10_000, env: { ...process.env, ...envOf(bin) } })
  return /OpenSSH_/.test(`${asked.stdout}${asked.stderr}`)
}

const hasAccount = () => process.getuid?.() !== 0 || /^sshd:/m.test(readFileSync('/etc/passwd', 'utf8'))

/** The server that tests use, `{ bin, env }`; undefined when there is none. */
function findSshd() {
  if (!hasAccount()) return undefined
  const bin = [...findAll('sshd'), unpacked].find((file) => existsSync(file) && works(file))
  return bin && { bin, env: envOf(bin) }
}

function unpack() {
  if (!hasAccount()) throw new Error('as root it needs the account sshd, which an installation makes')
  step("unpacking Debian's openssh-server into .cache/sshd", () => unpackDebian(['openssh-server'], 'sshd'))
}

function install() {
  step('installing openssh-server (CI)', () => {
    // The package's own script starts a service only where an init system runs.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [
      ['update', '-q'],
      ['install', '-y', '-q', '--no-install-recommends', 'openssh-server'],
    ])
      if (spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status !== 0)
        throw new Error(`apt-get ${args[0]} failed`)
  })
}

const ADVICE = [
  'no sshd could be had: the tests of hosts reached by ssh are skipped. Any one of these makes it available:',
  '    Debian, Ubuntu   sudo apt-get install openssh-server',
  '    Fedora, RHEL     sudo dnf install openssh-server',
  '    Alpine           sudo apk add openssh-server',
]

/** Makes sure that the tests have the server, if it can be had; returns where it is. */
function sshServer() {
  const ways = [unpack, ...(process.env.CI === 'true' && process.getuid?.() === 0 ? [install] : [])]
  for (const way of hasApt() ? ways : []) {
    const found = findSshd()
    if (found) return found
    try {
      way()
    } catch (error) {
      say(`no sshd that way: ${error.message}`)
    }
  }
  const found = findSshd()
  if (!found) for (const line of ADVICE) say(line)
  return found
}

module.exports = { sshServer, findSshd }
