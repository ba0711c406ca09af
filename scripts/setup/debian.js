/**
 * Debian's packages without installing them: downloaded and unpacked into the project's cache folder. Needs no root, starts no
 * service, changes nothing of the system. Works on Debian and its relatives (Ubuntu).
 */
const { spawnSync } = require('node:child_process')
const { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } = require('node:fs')
const { join } = require('node:path')
const { findAll } = require('./find')
const { cache } = require('./place')

/** Whether this machine has what it takes. */
const hasApt = () => findAll('apt-get').length > 0 && findAll('dpkg-deb').length > 0

function run(command, args, cwd) {
  const done = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (done.error) throw done.error
  if (done.status !== 0)
    throw new Error(`${command} ${args.at(-1)}: ${(done.stderr || done.stdout).trim().slice(-400)}`)
  return done.stdout
}

/** apt's own lists may be empty (containers) or not ours to update: then it keeps lists of its own in our cache. */
function ownLists() {
  const state = join(cache, 'apt')
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(state, 'archives', 'partial'), { recursive: true })
  const settings = {
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': state,
    'Dir::Cache::archives': join(state, 'archives'),
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/** The packages that an installation would add: the wanted ones and what this machine lacks of what they need. */
function missing(wanted, settings) {
  const plan = run('apt-get', [...settings, '-s', '-q', '--no-install-recommends', 'install', ...wanted])
  return [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1])
}

function fetchAll(wanted, settings, folder) {
  const names = missing(wanted, settings)
  // Installed, yet not found on PATH or too old: its own files will do.
  run('apt-get', [...settings, '-q', 'download', ...(names.length > 0 ? names : wanted)], folder)
}

/**
 * Unpacks packages and what they lack on this machine below `<cache>/<target>`, all or nothing. Throws with apt's words
 * when they cannot be had.
 */
function unpackDebian(wanted, target) {
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, `${target}.part-`))
  try {
    const downloads = join(work, 'deb')
    mkdirSync(downloads)
    try {
      fetchAll(wanted, [], downloads)
    } catch {
      const settings = ownLists()
      run('apt-get', [...settings, '-q', 'update'])
      fetchAll(wanted, settings, downloads)
    }
    const tree = join(work, 'tree')
    for (const file of readdirSync(downloads)) run('dpkg-deb', ['-x', join(downloads, file), tree])
    rmSync(join(cache, target), { recursive: true, force: true })
    renameSync(tree, join(cache, target))
  } finally {
    rmSync(work, { recursive: true, force: true })
    rmSync(join(cache, 'apt'), { recursive: true, force: true })
  }
}

/** Where the libraries of an unpacked tree are, for LD_LIBRARY_PATH. */
function libraries(target) {
  return ['usr/lib', 'lib']
    .map((name) => join(cache, target, name))
    .flatMap((folder) => {
      try {
        return readdirSync(folder)
          .filter((name) => name.endsWith('-linux-gnu'))
          .map((name) => join(folder, name))
      } catch {
        return []
      }
    })
    .join(':')
}

module.exports = { hasApt, unpackDebian, libraries }
