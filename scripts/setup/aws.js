/**
 * The `aws` command line client, for tests only: on PATH, else Debian's package unpacked into .cache/aws (with Python, where
 * there is none), else (in CI, as root) installed.
 */
const { spawnSync } = require('node:child_process')
const { existsSync } = require('node:fs')
const { hasApt, unpackDebian } = require('./debian')
const { findAll } = require('./find')
const { wrapPython, wrapperOf } = require('./python')
const { say, step } = require('./say')

const wrapper = wrapperOf('aws', 'aws')

const works = (bin) =>
  /^aws-cli\//.test(spawnSync(bin, ['--version'], { encoding: 'utf8', timeout: 60_000 }).stdout ?? '')

/** The client that tests use; undefined when there is none. */
const findAws = () => [wrapper, ...findAll('aws')].find((bin) => existsSync(bin) && works(bin))

function unpack() {
  step("unpacking Debian's awscli into .cache/aws", () => {
    unpackDebian(['awscli'], 'aws')
    wrapPython('aws', 'aws', 'usr/bin/aws')
  })
}

function install() {
  step('installing awscli (CI)', () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [
      ['update', '-q'],
      ['install', '-y', '-q', '--no-install-recommends', 'awscli'],
    ])
      if (spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status !== 0)
        throw new Error(`apt-get ${args[0]} failed`)
  })
}

const ADVICE = [
  'no aws client could be had: the tests that use it are skipped. Any one of these makes it available:',
  '    Debian, Ubuntu   sudo apt-get install awscli',
  '    Fedora, RHEL     sudo dnf install awscli2',
  '    Alpine           sudo apk add aws-cli',
  '    macOS            brew install awscli',
  '    Docker           docker run --rm -it --network host amazon/aws-cli --version',
  '    Python           python3 -m venv ~/aws && ~/aws/bin/pip install awscli && export PATH="$HOME/aws/bin:$PATH"',
]

/** Makes sure that the tests have the client, if it can be had; returns where it is. */
function awsClient() {
  const ways = [unpack, ...(process.env.CI === 'true' && process.getuid?.() === 0 ? [install] : [])]
  for (const way of hasApt() ? ways : []) {
    const found = findAws()
    if (found) return found
    try {
      way()
    } catch (error) {
      say(`no aws client that way: ${error.message}`)
    }
  }
  const found = findAws()
  if (!found) for (const line of ADVICE) say(line)
  return found
}

module.exports = { awsClient, findAws }
