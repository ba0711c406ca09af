/** Progress on screen: one line a step, on standard error, so that what a command prints stays clean. */

/** Tells what is being done. */
const say = (text) => process.stderr.write(`occi-gateway: ${text}\n`)

/** Runs a step that may take a while and tells how long it took. */
function step(text, work) {
  const start = performance.now()
  say(`${text} …`)
  const value = work()
  say(`${text}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return value
}

/** Ends the set-up with what a person can do about it. */
function giveUp(lines) {
  for (const line of lines) say(line)
  process.exit(1)
}

module.exports = { say, step, giveUp }
