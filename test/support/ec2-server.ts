/** The EC2 front listening on 127.0.0.1 behind signature checks, as src/http puts it, over the fake operations. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { Clock } from '../../src/clock'
import { realClock } from '../../src/clock'
import { ec2Errors, ec2Front } from '../../src/ec2'
import { awsSignature } from '../../src/http/auth/aws-signature'
import type { Operations } from '../../src/operations/operations'

export interface Ec2Server {
  readonly url: string
  readonly host: string
  stop(): Promise<void>
}

export interface Ec2ServerOptions {
  readonly operations: Operations
  readonly clock?: Clock
  readonly scope?: 'any' | 'site'
}

export async function startEc2(options: Ec2ServerOptions): Promise<Ec2Server> {
  const { operations, clock = realClock, scope = 'any' } = options
  const app = express()
  app.disable('x-powered-by')
  app.use((req, _res, next) => {
    req.requestId = randomUUID()
    next()
  })
  app.use(express.raw({ type: () => true, limit: '1mb' }))
  app.use(awsSignature({ operations, region: 'local-1', clock, scope }))
  app.use(ec2Front({ operations, region: 'local-1' }))
  app.use(ec2Errors)
  const server = app.listen(0, '127.0.0.1')
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The key that the fake operations know. */
export const ANNS_KEY = { accessKeyId: 'AKIAANNANNANNANNANN1', secretAccessKey: 'annsecret' }
