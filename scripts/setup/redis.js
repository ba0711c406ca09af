/**
 * A Redis or Valkey server of version 6.2 or newer: an operator's, one on PATH, or Debian's package unpacked into
 * .cache/redis. src/store/redis-server.ts looks in the same places.
 */
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')
const { hasApt, libraries, unpackDebian } = require('./debian')
const { findAll } = require('./find')
const { cache } = require('./place')
const { giveUp, say, step } = require('./say')

/** Of a server's binary; undefined when it does not run. */
function versionOf(bin, env = {}) {
  const asked = spawnSync(bin, ['--version'], { encoding: 'utf8', timeout: 5_000, env: { ...process.env, ...env } })
  return /v=(\d+\.\d+\.\d+)/.exec(asked.stdout ?? '')?.[1]
}

function newEnough(version) {
  const [major, minor] = (version ?? '0.0').split('.').map(Number)
  return major > 6 || (major === 6 && minor >= 2)
}

const unpacked = () => {
  const bin = join(cache, 'redis', 'usr', 'bin', 'redis-server')
  return { bin, version: versionOf(bin, { LD_LIBRARY_PATH: libraries('redis') }) }
}

function found() {
  const named = process.env.OCCI_GATEWAY_REDIS_SERVER
  const bins = [...(named ? [named] : []), ...findAll('valkey-server'), ...findAll('redis-server')]
  return [...bins.map((bin) => ({ bin, version: versionOf(bin) })), unpacked()].find((it) => newEnough(it.version))
}

const advice = (why) => [
  `no Redis or Valkey server (6.2 or newer) was found, and Debian's package could not be unpacked: ${why}`,
  'Any one of these makes it available:',
  '    Debian, Ubuntu   sudo apt-get install redis-server',
  '    Fedora, RHEL     sudo dnf install valkey        (older: sudo dnf install redis)',
  '    Alpine           sudo apk add redis',
  '    macOS            brew install redis',
  '    Docker           docker run -d --name occi-redis -p 127.0.0.1:6379:6379 redis:7 redis-server --appendonly yes --appendfsync always',
  '                     and then: export OCCI_GATEWAY_REDIS=redis://127.0.0.1:6379',
]

/** Makes sure that a server can be started (or that an operator's was named). */
function redisServer() {
  if (process.env.OCCI_GATEWAY_REDIS) return
  if (found()) return
  if (!hasApt()) giveUp(advice('this machine has no apt-get'))
  try {
    step("unpacking Debian's redis-server into .cache/redis", () => unpackDebian(['redis-server'], 'redis'))
  } catch (error) {
    giveUp(advice(error.message))
  }
  const server = found()
  if (!server) giveUp(advice('the unpacked server does not run here'))
  say(`Redis ${server.version} at ${server.bin}`)
}

module.exports = { redisServer }
