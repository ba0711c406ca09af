/** Finds programs without running a shell. */
const { accessSync, constants, statSync } = require('node:fs')
const { delimiter, join } = require('node:path')

const USUAL = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/sbin', '/usr/local/sbin', '/bin']

function runnable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Every runnable file of that name on PATH and in the usual folders, in that order. */
function findAll(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...USUAL]
  return [...new Set(folders)].map((folder) => join(folder, name)).filter(runnable)
}

module.exports = { findAll }
