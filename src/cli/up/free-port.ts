/** Whether a port can be had, told before anything is started. */
import { type AddressInfo, createServer } from 'node:net'
import { fault } from '../../faults'

/** Listens for a moment; returns the port (a free one for 0). 'in-use' or 'forbidden' with what to do about it. */
export const freePort = (port: number, listen: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => reject(why(error, port, listen)))
    server.listen({ port, host: listen, exclusive: true }, () => {
      const { port: taken } = server.address() as AddressInfo
      server.close(() => resolve(taken))
    })
  })

function why(error: NodeJS.ErrnoException, port: number, listen: string): Error {
  const where = `port ${port} on ${listen}`
  if (error.code === 'EADDRINUSE')
    return fault('in-use', `${where} is taken by another process: choose another one with --port (0 takes a free one)`)
  if (error.code === 'EACCES')
    return fault('forbidden', `${where} needs more rights: choose one above 1023 with --port`)
  return fault('invalid', `cannot listen on ${where}: ${error.message}`, { cause: error })
}
