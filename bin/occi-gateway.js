#!/usr/bin/env node
/**
 * One command, many processes: `worker` and `simulator` are the back (workers/), all other words the front (src/).
 *
 * A child of `up` ends when its parent is gone: its standard input is a pipe that only the parent holds, so it closes
 * however the parent ended.
 */
'use strict'

const { existsSync } = require('node:fs')
const { join } = require('node:path')

const GRACE_MS = 4_000

function endWithParent() {
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), GRACE_MS).unref()
    process.kill(process.pid, 'SIGTERM')
  }
  process.stdin.on('end', end).on('close', end).on('error', end)
  process.stdin.resume()
  process.stdin.unref?.()
}

if (process.env.OCCI_GATEWAY_PARENT) endWithParent()

const words = process.argv.slice(2)
// The front explains all words, also those of the back.
const asks = words.some((word) => word === '--help' || word === '-h')
const back = !asks && (words[0] === 'worker' || words[0] === 'simulator')
const main = join(__dirname, '..', 'dist', back ? 'workers' : 'src', 'main.js')
if (!existsSync(main)) {
  process.stderr.write('occi-gateway is not built yet: run `npm run build` (or `npm start`, which does all of it)\n')
  process.exit(1)
}
require(main)
