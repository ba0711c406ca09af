/** A whole gateway, as `occi-gateway gateway` runs it. Arguments: its configuration as JSON. */
import type { Config } from '../../../src/config'
import { startGateway } from '../../../src/gateway'
import { openLog } from '../../../src/log'
import { serveParent } from './server'

async function main(): Promise<void> {
  const config = JSON.parse(process.argv[2] ?? '') as Config
  const gateway = await startGateway(config, openLog('gateway', config.logLevel))
  serveParent(gateway.port, () => undefined)
}

void main()
