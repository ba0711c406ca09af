/**
 * A client that others wrote, for `npm run test:clients` only: what this machine has, else Debian's packages unpacked into the
 * cache. A client is `{ name, packages, target, candidates, works, wrap, advice }`: `candidates()` are the files to try, the
 * unpacked one first, `works(file)` says whether one will do, `wrap()` writes what is needed to run the unpacked one.
 */
const { spawnSync } = require('node:child_process')
const { hasApt, unpackDebian } = require('../debian')
const { say, step } = require('../say')

/** Whether a program can be run with these words; with `saying`, whether it answers so. */
function answers(bin, words, saying = /(?:)/) {
  const { status, stdout } = spawnSync(bin, words, { encoding: 'utf8', timeout: 60_000, env: plain() })
  return status === 0 && saying.test(stdout)
}

/** A person's own settings decide nothing. */
const plain = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|PACKER|ANSIBLE)_/.test(name)))

/** The file to run; undefined where there is none. */
const findClient = ({ candidates, works }) => candidates().find(works)

/** Makes sure that the tests have it, if it can be had; returns the file to run. */
function fetchClient(client) {
  const before = findClient(client)
  if (before) return before
  try {
    if (!hasApt()) throw new Error('this machine has no apt-get')
    step(`unpacking Debian's ${client.packages.join(' and ')} into .cache/${client.target}`, () => {
      unpackDebian(client.packages, client.target)
      client.wrap()
    })
  } catch (error) {
    say(`Debian's packages could not be unpacked: ${error.message}`)
  }
  const found = findClient(client)
  if (!found) {
    say(`${client.name} could not be had: the tests that use it are skipped. Any one of these makes it available:`)
    for (const line of client.advice) say(`    ${line}`)
  }
  return found
}

module.exports = { answers, fetchClient, findClient }
