/** Tests of the whole-disk image: only when asked, since building it and booting it take minutes. */
import { say } from './build/progress'

export function describeWholeDisk(name: string, tests: () => void): void {
  if (process.env.LAB_WHOLE_DISK) {
    describe(name, tests)
    return
  }
  say(`SKIPPED: ${name}: it takes minutes; run "npm run lab:xen -- --whole-disk"`)
  // Building the image takes minutes: only who asks for it waits for it.
  describe.skip(`${name} (only with --whole-disk)`, tests)
}
