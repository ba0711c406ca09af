/** The lab for a test file: started before its tests, ended after them. */
import { type Lab, startLab } from './lab'
import { patient } from './patience'

/** Emulated hosts need their time: a live migration of an HVM machine takes a minute. */
const TEST_MS = patient(300_000)

/** `const lab = useLab()` at the top of a file or describe; `lab().hosts` in its tests. */
export function useLab(): () => Lab {
  let lab: Lab | undefined
  jest.setTimeout(TEST_MS)
  beforeAll(async () => {
    lab = await startLab()
  }, TEST_MS)
  afterAll(() => lab?.stop(), TEST_MS)
  return () => {
    if (!lab) throw new Error('the lab was not started')
    return lab
  }
}
