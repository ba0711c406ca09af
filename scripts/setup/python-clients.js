/**
 * Python with libcloud and boto3, for `npm run test:clients` only: a Python of this machine that has both, else Debian's
 * packages unpacked into .cache/python-clients (with Python, where there is none).
 */
const { spawnSync } = require('node:child_process')
const { hasApt, unpackDebian } = require('./debian')
const { findAll } = require('./find')
const { wrapPython, wrapperOf } = require('./python')
const { say, step } = require('./say')

const PACKAGES = ['python3-libcloud', 'python3-boto3']
const TARGET = 'python-clients'

const works = (bin) =>
  spawnSync(bin, ['-c', 'import boto3, libcloud'], { stdio: 'ignore', timeout: 60_000 }).status === 0

/** The Python that has both; undefined when there is none. */
const findPython = () => [wrapperOf(TARGET, 'python3'), ...findAll('python3')].find(works)

const ADVICE = [
  'no Python with libcloud and boto3 could be had: the tests that use them are skipped. Any one of these makes it available:',
  '    Debian, Ubuntu   sudo apt-get install python3-libcloud python3-boto3',
  '    Fedora, RHEL     sudo dnf install python3-libcloud python3-boto3',
  '    Alpine           sudo apk add py3-libcloud py3-boto3',
  '    others           python3 -m venv ~/clients && ~/clients/bin/pip install apache-libcloud boto3 && export PATH="$HOME/clients/bin:$PATH"',
]

/** Makes sure that the tests have both, if they can be had; returns the Python to run them with. */
function pythonClients() {
  const before = findPython()
  if (before) return before
  try {
    if (!hasApt()) throw new Error('this machine has no apt-get')
    step(`unpacking Debian's ${PACKAGES.join(' and ')} into .cache/${TARGET}`, () => {
      unpackDebian(PACKAGES, TARGET)
      wrapPython(TARGET, 'python3')
    })
  } catch (error) {
    say(`Debian's packages could not be unpacked: ${error.message}`)
  }
  const found = findPython()
  if (!found) for (const line of ADVICE) say(line)
  return found
}

module.exports = { pythonClients, findPython }
