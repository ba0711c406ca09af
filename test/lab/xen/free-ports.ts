/** UDP ports of the loopback that are free now. */
import { createSocket, type Socket } from 'node:dgram'

const bound = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', () => resolve(socket))
  })

/** Held together while they are drawn, so they differ. */
export async function freePorts(count: 2): Promise<readonly [number, number]> {
  const sockets = await Promise.all(Array.from({ length: count }, bound))
  const [a, b] = sockets.map((socket) => socket.address().port)
  for (const socket of sockets) socket.close()
  if (a === undefined || b === undefined) throw new Error('two ports were to be drawn')
  return [a, b]
}
