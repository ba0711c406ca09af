/**
 * ms of CPU that a piece of work took in this process, whatever else the machine is doing: for work whose cost must not explode.
 * What a test's workers elsewhere do does not count; garbage collection and the threads of libuv do.
 */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
