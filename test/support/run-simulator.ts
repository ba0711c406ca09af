/** A simulator as a process of its own, for tests that kill it: `run-simulator.ts <folder> <socket> <hosts>`. */
import { openLog } from '../../src/log'
import { runSimulator, USUAL_CAPACITY } from '../../workers/drivers/simulator'

const [folder = '', socket = '', hosts = '1'] = process.argv.slice(2)
process.stdin.on('end', () => process.exit(0)).resume()
void runSimulator({
  folder,
  socket,
  log: openLog('simulator', 'info'),
  hosts: Array.from({ length: Number(hosts) }, (_, index) => ({ name: `sim-${index + 1}`, capacity: USUAL_CAPACITY })),
})
