/**
 * The `aws` command line client, for tests only: on PATH, else Debian's package unpacked into .cache/aws (with Python, where
 * there is none), else (in CI, as root) installed.
 */
const { spawnSync } = require('node:child_process')
const { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { hasApt, libraries, unpackDebian } = require('./debian')
const { findAll } = require('./find')
const { cache } = require('./place')
const { say, step } = require('./say')

const wrapper = join(cache, 'aws', 'bin', 'aws')

const works = (bin) =>
  /^aws-cli\//.test(spawnSync(bin, ['--version'], { encoding: 'utf8', timeout: 60_000 }).stdout ?? '')

/** Debian's Python modules are built for Debian's Python: the system's own, or the one unpacked with them. */
function writeWrapper() {
  const tree = join(cache, 'aws')
  const own = existsSync(join(tree, 'usr', 'bin'))
    ? readdirSync(join(tree, 'usr', 'bin')).find((name) => /^python3\.\d+$/.test(name))
    : undefined
  const lines = [
    '#!/bin/sh',
    `tree='${tree}'`,
    'PYTHONPATH="$tree/usr/lib/python3/dist-packages"; export PYTHONPATH',
    ...(libraries('aws') ? [`LD_LIBRARY_PATH='${libraries('aws')}'; export LD_LIBRARY_PATH`] : []),
    ...(own ? ['PYTHONHOME="$tree/usr"; export PYTHONHOME'] : []),
    `exec ${own ? `"$tree/usr/bin/${own}"` : '/usr/bin/python3'} "$tree/usr/bin/aws" "$@"`,
  ]
  mkdirSync(join(tree, 'bin'), { recursive: true })
  writeFileSync(wrapper, `${lines.join('\n')}\n`)
  chmodSync(wrapper, 0o755)
}

/** The client that tests use; undefined when there is none. */
const findAws = () => [wrapper, ...findAll('aws')].find((bin) => existsSync(bin) && works(bin))

function unpack() {
  step("unpacking Debian's awscli into .cache/aws", () => {
    unpackDebian('awscli', 'aws')
    writeWrapper()
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
