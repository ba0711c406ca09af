/**
 * Builds the lab or finds it in its cache. Exit code 0: it stands. 3: it cannot be had here; the reason is on standard
 * output. 1: it should have been, and failed.
 */
import { mkdirSync } from 'node:fs'
import { buildLab, type Extra, findLab } from './build'
import { NoPackages } from './build/debian'
import { labCache } from './build/place'
import { say } from './build/progress'
import { missingTools } from './build/tools'

const CANNOT = 3

async function prepare(extra: Extra): Promise<number> {
  const cannot = (reason: string): number => {
    console.log(reason)
    return CANNOT
  }
  mkdirSync(labCache(), { recursive: true })
  const toRun = await missingTools('run')
  if (toRun) return cannot(toRun)
  if (await findLab(extra)) {
    say(`the hosts are in ${labCache()}`)
    return 0
  }
  const toBuild = await missingTools('build')
  if (toBuild) return cannot(toBuild)
  await buildLab(extra)
  return 0
}

prepare(process.argv.includes('--whole-disk') ? 'whole disk' : 'nothing').then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    if (error instanceof NoPackages) {
      console.log(error.message)
      process.exitCode = CANNOT
      return
    }
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  },
)
